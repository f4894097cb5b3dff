// Cuts the blocks of a query into tasks: large enough to be worth a message, small enough to share out evenly.
import type { ScanGroup, ScanTask } from './scan-protocol.ts';
import type { GroupRef } from '../contract.ts';
import type { Mask } from '../groups/mask.ts';
import type { StoredBlock } from '../files/stored-block.ts';

/** A block to show to a query, and whose it is. */
export interface BlockToScan {
  readonly group: GroupRef;
  readonly block: StoredBlock;
  readonly mask: Mask;
}

const TASK_BYTES_MIN = 1024 * 1024;
const TASK_BYTES_MAX = 16 * 1024 * 1024;
const TASKS_PER_WORKER = 4;

export function tasksOf(blocks: readonly BlockToScan[], workers: number): ScanTask[] {
  const total = blocks.reduce((sum, { block }) => sum + block.messageBytes, 0);
  const share = total / (workers * TASKS_PER_WORKER);
  const bytesMax = Math.min(Math.max(share, TASK_BYTES_MIN), TASK_BYTES_MAX);
  const tasks: BlockToScan[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const block of blocks) {
    if (bytes + block.block.messageBytes > bytesMax) {
      tasks.push([]);
      bytes = 0;
    }
    tasks.at(-1)?.push(block);
    bytes += block.block.messageBytes;
  }
  return tasks.map(taskOf);
}

function taskOf(blocks: readonly BlockToScan[]): ScanTask {
  const groups: ScanGroup[] = [];
  const known = new Map<string, number>();
  const tasked = blocks.map(({ group, block, mask }) => {
    let index = known.get(group.key);
    if (index === undefined) {
      index = groups.push({ account: group.account, name: group.name, mask }) - 1;
      known.set(group.key, index);
    }
    const { firstSequence, count, source } = block;
    return { group: index, block: { firstSequence, count, source } };
  });
  return { groups, blocks: tasked };
}
