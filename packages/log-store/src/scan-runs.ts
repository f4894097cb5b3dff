// The runs of queries in one thread: reads blocks from files, synchronously, and shows them to the compiled queries.
import { closeSync, openSync, readSync } from 'node:fs';
import { assert, LruMap } from '@pergola/kernel';
import { compileQuery, type QueryRun } from '@pergola/log-language';
import { assembleBlock, extentsOf } from './block-file.ts';
import { type LoadedBlock, loadedBlock, stretchesOf } from './loaded-block.ts';
import {
  addCounts,
  noCounts,
  type ScanCounts,
  type ScanGroup,
  type ScanQuery,
  type ScanReply,
  type ScanRequest,
  type ScanTask,
} from './scan-protocol.ts';

/** Abandoned runs are forgotten by this bound when nobody says so. */
const RUNS_MAX = 256;

type Block = ScanTask['blocks'][number]['block'];

export class ScanRuns {
  readonly #runs = new LruMap<number, QueryRun>(RUNS_MAX);

  answer(request: ScanRequest): ScanReply {
    if (request.do === 'forget') {
      this.#runs.delete(request.query.id);
      return { counts: noCounts, enough: true };
    }
    const run = this.#runOf(request.query);
    if (request.do === 'finish') {
      this.#runs.delete(request.query.id);
      return { counts: noCounts, enough: run.enough(), partial: run.partial() };
    }
    const counts = scan(run, request.task);
    return { counts, enough: run.enough(), partial: request.withPartial ? run.partial() : undefined };
  }

  #runOf({ id, text, context }: ScanQuery): QueryRun {
    const known = this.#runs.get(id);
    if (known) return known;
    const compiled = compileQuery(text, context);
    assert(compiled.ok, 'a query that does not compile was sent to a worker');
    const run = compiled.value.start();
    this.#runs.set(id, run);
    return run;
  }
}

function scan(run: QueryRun, { groups, blocks }: ScanTask): ScanCounts {
  let counts = noCounts;
  const file = new OneFile();
  try {
    for (const { group, block } of blocks) {
      if (run.enough()) break;
      const owner = groups[group];
      if (owner) counts = addCounts(counts, scanBlock(run, owner, readBlock(file, owner, block)));
    }
  } finally {
    file.close();
  }
  return counts;
}

interface ReadBlock {
  readonly block: LoadedBlock | undefined;
  readonly damaged: number;
}

/** Shows what is visible of a block to `run`. */
export function scanBlock(
  run: QueryRun,
  owner: Pick<ScanGroup, 'mask'>,
  { block, damaged }: ReadBlock,
): ScanCounts {
  let recordsScanned = 0;
  let bytesScanned = 0;
  for (const { from, to } of block ? stretchesOf(block, owner.mask) : []) {
    if (!block) continue;
    run.add(block, from, to);
    recordsScanned += to - from;
    bytesScanned += (block.starts[to] ?? 0) - (block.starts[from] ?? 0);
  }
  return { recordsScanned, bytesScanned, damaged };
}

/** Undefined when the file has gone: its group was deleted meanwhile. */
function readBlock(file: OneFile, owner: ScanGroup, block: Block): ReadBlock {
  const extents = extentsOf(block.source);
  const pieces: Buffer[] = [];
  for (const { offset, length } of extents) {
    const piece = file.read(block.source.path, offset, length);
    if (!piece) return { block: undefined, damaged: 0 };
    pieces.push(piece);
  }
  const { columns, damaged } = assembleBlock(block, extents, pieces);
  return { block: loadedBlock({ ...columns, account: owner.account, group: owner.name }), damaged };
}

/** Blocks come file by file, so one open file is enough. */
class OneFile {
  #path = '';
  #descriptor: number | undefined;

  read(path: string, offset: number, length: number): Buffer | undefined {
    if (path !== this.#path) {
      this.close();
      this.#path = path;
      this.#descriptor = openIfThere(path);
    }
    if (this.#descriptor === undefined) return undefined;
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#descriptor, bytes, done, length - done, offset + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#path = '';
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
