// One page of a group's events in order. Blocks are looked at in the order of their times, and only as many as may
// still hold something for the page; of each, only the events in question.
import type { Clock } from '@pergola/kernel';
import type { FilterPattern } from '@pergola/log-language';
import type { Place, ReadPage, ReadRequest } from './contract.ts';
import { firstNotBefore, type LoadedBlock, type Stretch, stretchesOf } from './files/loaded-block.ts';
import type { Mask } from './groups/mask.ts';
import { comparePlaces, Selection } from './selection.ts';
import { overlaps, type StoredBlock } from './files/stored-block.ts';
import { Turns } from './turns.ts';

export interface PageSource {
  readonly blocks: readonly StoredBlock[];
  readonly mask: Mask;
  readonly load: (block: StoredBlock) => Promise<LoadedBlock | undefined>;
  readonly pattern: FilterPattern | undefined;
  readonly clock: Clock;
}

/** Events that a pattern is shown at once where it may stop early. */
const CHUNK_EVENTS = 1024;

/** Rejects with the signal's reason. */
export async function readPage(request: ReadRequest, source: PageSource): Promise<ReadPage> {
  const reading = new PageReading(request, source);
  const selection = new Selection(request);
  const startedMs = source.clock.monotonicMs();
  const turns = new Turns(source.clock);
  const blocks = blocksToRead(request, source.blocks);
  for (const [index, block] of blocks.entries()) {
    await turns.pass();
    request.signal?.throwIfAborted();
    if (liesBehind(block, selection.border, request)) break;
    const isLate = source.clock.monotonicMs() - startedMs >= (request.budgetMs ?? Number.POSITIVE_INFINITY);
    if (isLate && index > 0 && isAhead(block, request)) return partialPage(selection, block, request);
    const loaded = await source.load(block);
    if (loaded) reading.look(loaded, selection);
  }
  const events = selection.events;
  return { events, next: selection.cut ? placeOf(events.at(-1)) : undefined };
}

/** The blocks that may hold wanted events, those that begin first in the direction of reading first. */
function blocksToRead(request: ReadRequest, blocks: readonly StoredBlock[]): StoredBlock[] {
  const { fromMs, toMs } = timesToRead(request);
  const wanted = streamWish(request);
  return blocks
    .filter((block) => overlaps(block, fromMs, toMs))
    .filter((block) => !wanted || block.spans.some((span) => wanted(span.stream)))
    .sort((left, right) =>
      request.direction === 'forward' ? left.minMs - right.minMs : right.maxMs - left.maxMs,
    );
}

/** The request's times as far as they are not behind the place that it goes on from. */
function timesToRead({ fromMs, toMs, after, direction }: ReadRequest): { fromMs: number; toMs: number } {
  if (!after) return { fromMs, toMs };
  if (direction === 'forward') return { fromMs: Math.max(fromMs, after.timestampMs), toMs };
  return { fromMs, toMs: Math.min(toMs, after.timestampMs + 1) };
}

function streamWish({ streams, streamPrefix }: ReadRequest): ((stream: string) => boolean) | undefined {
  if (streams) {
    const names = new Set(streams);
    return (stream) => names.has(stream);
  }
  return streamPrefix === undefined ? undefined : (stream) => stream.startsWith(streamPrefix);
}

function liesBehind(block: StoredBlock, border: Place | undefined, { direction }: ReadRequest): boolean {
  if (!border) return false;
  return direction === 'forward' ? block.minMs > border.timestampMs : block.maxMs < border.timestampMs;
}

/** True when the block begins behind where this page began, so that a page that ends before it makes headway. */
function isAhead(block: StoredBlock, { direction, after, fromMs, toMs }: ReadRequest): boolean {
  if (direction === 'forward') return block.minMs > Math.max(fromMs, after?.timestampMs ?? fromMs);
  return block.maxMs < Math.min(toMs - 1, after?.timestampMs ?? toMs - 1);
}

/** Time is up before `block`: what is before it is certain, the rest is left to the next page. */
function partialPage(selection: Selection, block: StoredBlock, { direction }: ReadRequest): ReadPage {
  const forward = direction === 'forward';
  const border: Place = forward
    ? { timestampMs: block.minMs, sequence: -1 }
    : { timestampMs: block.maxMs, sequence: Number.MAX_SAFE_INTEGER };
  const certain = selection.events.filter((event) => comparePlaces(event, border, direction) < 0);
  const isCut = selection.cut && certain.length === selection.events.length;
  return { events: certain, next: isCut ? placeOf(certain.at(-1)) : border };
}

function placeOf(event: Place | undefined): Place | undefined {
  return event && { timestampMs: event.timestampMs, sequence: event.sequence };
}

class PageReading {
  readonly #request: ReadRequest;
  readonly #source: PageSource;
  readonly #wanted: ((stream: string) => boolean) | undefined;

  constructor(request: ReadRequest, source: PageSource) {
    this.#request = request;
    this.#source = source;
    this.#wanted = streamWish(request);
  }

  look(block: LoadedBlock, selection: Selection): void {
    const stretches = stretchesOf(block, this.#source.mask, this.#wanted);
    if (block.inOrder) this.#lookInOrder(block, stretches, selection);
    else selection.offer(block, this.#sorted(block, this.#matching(block, stretches)));
  }

  /** Goes through the block in the direction of reading and stops when the page is full. */
  #lookInOrder(block: LoadedBlock, stretches: readonly Stretch[], selection: Selection): void {
    const forward = this.#request.direction === 'forward';
    for (const chunk of chunksOf(stretches, forward)) {
      const inTime = this.#clip(block, chunk);
      const indices = this.#matching(block, [inTime]).filter((index) => this.#isAfter(block, index));
      selection.offer(block, forward ? indices : indices.toReversed());
      const edge = block.timestampsMs[forward ? chunk.to - 1 : chunk.from] ?? 0;
      const { border } = selection;
      if (border && (forward ? edge > border.timestampMs : edge < border.timestampMs)) return;
    }
  }

  /** The part of a stretch of a block in order that lies in the time that is asked for. */
  #clip(block: LoadedBlock, { from, to }: Stretch): Stretch {
    const { fromMs, toMs } = timesToRead(this.#request);
    return {
      from: firstNotBefore(block.timestampsMs, fromMs, { from, to }),
      to: firstNotBefore(block.timestampsMs, toMs, { from, to }),
    };
  }

  #matching(block: LoadedBlock, stretches: readonly Stretch[]): number[] {
    const indices: number[] = [];
    for (const { from, to } of stretches) {
      if (this.#source.pattern) this.#source.pattern.select(block, from, to, indices);
      else for (let i = from; i < to; i++) indices.push(i);
    }
    return indices;
  }

  #sorted(block: LoadedBlock, indices: readonly number[]): number[] {
    const { fromMs, toMs, direction } = this.#request;
    const sign = direction === 'forward' ? 1 : -1;
    return indices
      .filter((index) => {
        const timestampMs = block.timestampsMs[index] ?? 0;
        return timestampMs >= fromMs && timestampMs < toMs && this.#isAfter(block, index);
      })
      .sort((left, right) => {
        const byTime = (block.timestampsMs[left] ?? 0) - (block.timestampsMs[right] ?? 0);
        return sign * (byTime || left - right);
      });
  }

  #isAfter(block: LoadedBlock, index: number): boolean {
    const { after, direction } = this.#request;
    if (!after) return true;
    const place = { timestampMs: block.timestampsMs[index] ?? 0, sequence: block.firstSequence + index };
    return comparePlaces(place, after, direction) > 0;
  }
}

function* chunksOf(stretches: readonly Stretch[], forward: boolean): Generator<Stretch> {
  for (const { from, to } of forward ? stretches : stretches.toReversed()) {
    for (let done = 0; done < to - from; done += CHUNK_EVENTS) {
      const length = Math.min(CHUNK_EVENTS, to - from - done);
      yield forward
        ? { from: from + done, to: from + done + length }
        : { from: to - done - length, to: to - done };
    }
  }
}
