// What there is of each stream of a group, from what its blocks say of themselves. Only blocks of which a part is
// hidden have to be read.
import type { GroupLog } from './group-log.ts';
import { type LoadedBlock, spansOf, stretchesOf } from './loaded-block.ts';
import { joinSpans, maskTouches, type StoredBlock, type StreamSpan } from './stored-block.ts';

type Spans = ReadonlyMap<string, StreamSpan>;

interface Summed {
  readonly of: readonly StoredBlock[];
  readonly spans: Spans;
}

/** Remembered with the group until its blocks are others. */
const summed = new WeakMap<GroupLog, Summed>();

/** The spans of all streams that have events. */
export async function streamFacts(
  log: GroupLog,
  load: (block: StoredBlock) => Promise<LoadedBlock | undefined>,
): Promise<Spans> {
  const blocks = log.blocks();
  const known = summed.get(log);
  if (known?.of === blocks) return known.spans;
  const spans = new Map<string, StreamSpan>();
  for (const block of blocks) {
    for (const span of await visibleSpans(log, block, load)) {
      spans.set(span.stream, joinSpans(spans.get(span.stream), span));
    }
  }
  summed.set(log, { of: blocks, spans });
  return spans;
}

async function visibleSpans(
  log: GroupLog,
  block: StoredBlock,
  load: (block: StoredBlock) => Promise<LoadedBlock | undefined>,
): Promise<readonly StreamSpan[]> {
  if (!maskTouches(log.mask, block)) return block.spans;
  const loaded = await load(block);
  return loaded ? spansOf(loaded, stretchesOf(loaded, log.mask)) : [];
}
