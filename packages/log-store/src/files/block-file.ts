// From where a block lies to the block itself: which bytes to read, and what they mean.
import type { LogBlock } from '@pergola/log-language';
import { joinBatches } from './batch-run.ts';
import { isWhole } from './frame.ts';
import { decodeBlock } from '../segments/segment-block.ts';
import type { BlockSource, StoredBlock } from './stored-block.ts';

/** What is needed of a stored block to read it; plain data, fit for a worker. */
export type ReadableBlock = Pick<StoredBlock, 'firstSequence' | 'count' | 'source'>;

/** Bytes to read in one go, and the frames in them. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
  readonly frames: readonly { readonly at: number; readonly length: number }[];
}

/** Frames this near to each other are read together, with what lies between. */
const GAP_BYTES_MAX = 32 * 1024;
const EXTENT_BYTES_MAX = 2 * 1024 * 1024;

export function extentsOf(source: BlockSource): Extent[] {
  const extents: { offset: number; length: number; frames: { at: number; length: number }[] }[] = [];
  for (let i = 0; i < source.frames.length; i += 2) {
    const offset = source.frames[i] ?? 0;
    const length = source.frames[i + 1] ?? 0;
    const last = extents.at(-1);
    const end = offset + length;
    const near = last && offset - (last.offset + last.length) <= GAP_BYTES_MAX;
    if (last && near && end - last.offset <= EXTENT_BYTES_MAX) {
      last.frames.push({ at: offset - last.offset, length });
      last.length = end - last.offset;
    } else extents.push({ offset, length, frames: [{ at: 0, length }] });
  }
  return extents;
}

/** The block from the bytes of its extents, and how many of its frames were damaged: their events are gone. */
export function assembleBlock(
  block: ReadableBlock,
  extents: readonly Extent[],
  pieces: readonly Buffer[],
): { readonly columns: Omit<LogBlock, 'account' | 'group'>; readonly damaged: number } {
  const { kind, salt } = block.source;
  const frames = extents.flatMap((extent, index) =>
    extent.frames.map(({ at, length }) => {
      const frame = pieces[index]?.subarray(at, at + length);
      return frame?.length === length && isWhole(frame, salt) ? frame : undefined;
    }),
  );
  const damaged = frames.filter((frame) => !frame).length;
  if (kind === 'batches') return { columns: joinBatches(block, frames), damaged };
  return { columns: frames[0] ? decodeBlock(frames[0]) : joinBatches(block, []), damaged };
}
