// Blocks on their way into a segment: hidden events are left out, and small neighbours become one large block.
import type { LogBlock } from '@pergola/log-language';
import {
  GONE,
  type LoadedBlock,
  loadedBlock,
  messageBytesAt,
  type Stretch,
  stretchesOf,
} from '../files/loaded-block.ts';
import type { Mask } from '../groups/mask.ts';

const BLOCK_BYTES = 1024 * 1024;
const BLOCK_EVENTS = 16_384;

/** The blocks as they are to be written. They come, and go, in the order of their sequences. */
export async function* rewriteBlocks(
  blocks: AsyncIterable<LoadedBlock>,
  mask: Mask,
): AsyncGenerator<LoadedBlock> {
  let waiting: LoadedBlock[] = [];
  for await (const block of blocks) {
    const visible = withoutHidden(block, stretchesOf(block, mask));
    if (!visible) continue;
    if (waiting.length > 0 && !fitTogether(waiting, visible)) {
      yield joinBlocks(waiting);
      waiting = [];
    }
    waiting.push(visible);
  }
  if (waiting.length > 0) yield joinBlocks(waiting);
}

/** The block without what is hidden; undefined when nothing is left. */
function withoutHidden(block: LoadedBlock, stretches: readonly Stretch[]): LoadedBlock | undefined {
  const first = stretches[0];
  const last = stretches.at(-1);
  if (!first || !last) return undefined;
  if (stretches.length === 1 && first.to - first.from === block.count) return block;
  return joinStretches(block, stretches, { from: first.from, to: last.to });
}

function joinStretches(
  block: LoadedBlock,
  stretches: readonly Stretch[],
  { from, to }: Stretch,
): LoadedBlock {
  const count = to - from;
  const starts = new Uint32Array(count + 1);
  const streams = new Uint32Array(count).fill(GONE);
  const messages: Buffer[] = [];
  for (const stretch of stretches) {
    messages.push(block.bytes.subarray(block.starts[stretch.from], block.starts[stretch.to]));
    streams.set(block.streams.subarray(stretch.from, stretch.to), stretch.from - from);
  }
  for (let i = 0; i < count; i++) {
    const length = streams[i] === GONE ? 0 : messageBytesAt(block, from + i);
    starts[i + 1] = (starts[i] ?? 0) + length;
  }
  return loadedBlock({
    ...block,
    count,
    firstSequence: block.firstSequence + from,
    timestampsMs: block.timestampsMs.slice(from, to),
    ingestedMs: block.ingestedMs.slice(from, to),
    starts,
    streams,
    bytes: Buffer.concat(messages),
  });
}

function endOf(block: LogBlock): number {
  return block.firstSequence + block.count;
}

function fitTogether(waiting: readonly LoadedBlock[], next: LoadedBlock): boolean {
  const bytes = waiting.reduce((sum, block) => sum + block.bytes.length, next.bytes.length);
  const count = endOf(next) - (waiting[0]?.firstSequence ?? 0);
  return bytes <= BLOCK_BYTES && count <= BLOCK_EVENTS;
}

/** Sequences that are in none of the blocks become events that are GONE. */
function joinBlocks(blocks: readonly LoadedBlock[]): LoadedBlock {
  const first = blocks[0] as LoadedBlock;
  if (blocks.length === 1) return first;
  const count = endOf(blocks.at(-1) ?? first) - first.firstSequence;
  const starts = new Uint32Array(count + 1);
  const streams = new Uint32Array(count).fill(GONE);
  const timestampsMs = new Float64Array(count);
  const ingestedMs = new Float64Array(count);
  const names = new Map<string, number>();
  let filled = 0;
  let bytesAt = 0;
  for (const block of blocks) {
    const at = block.firstSequence - first.firstSequence;
    // The time of an event that is GONE is never looked at, but it must not make the block look disordered.
    timestampsMs.fill(timestampsMs[filled - 1] ?? 0, filled, at);
    starts.fill(bytesAt, filled + 1, at + 1);
    timestampsMs.set(block.timestampsMs, at);
    ingestedMs.set(block.ingestedMs, at);
    for (let i = 0; i < block.count; i++) starts[at + i + 1] = (block.starts[i + 1] ?? 0) + bytesAt;
    mapStreams(block, names, streams.subarray(at));
    filled = at + block.count;
    bytesAt += block.bytes.length;
  }
  return loadedBlock({
    ...first,
    count,
    starts,
    streams,
    timestampsMs,
    ingestedMs,
    streamNames: [...names.keys()],
    bytes: Buffer.concat(blocks.map((block) => block.bytes)),
  });
}

function mapStreams(block: LoadedBlock, names: Map<string, number>, into: Uint32Array): void {
  const mapped = block.streamNames.map((name) => {
    const stream = names.get(name) ?? names.size;
    names.set(name, stream);
    return stream;
  });
  for (let i = 0; i < block.count; i++) into[i] = mapped[block.streams[i] ?? GONE] ?? GONE;
}
