// A run: batches of one group that follow each other in one journal, seen as one block.
import type { LogBlock } from '@pergola/log-language';
import { type BatchHead, copyColumns, decodeHead } from '../journal/event-frame.ts';
import { GONE } from './loaded-block.ts';
import { joinSpans, type StoredBlock, type StreamSpan } from './stored-block.ts';

const RUN_BYTES_MAX = 1024 * 1024;
const RUN_EVENTS_MAX = 8192;
const RUN_BATCHES_MAX = 1024;
/** A run that somebody looks at while it grows is read anew after each batch, so it ends early. */
const WATCHED_BATCHES_MAX = 32;
const WATCHED_BYTES_MAX = 64 * 1024;

/** A batch and where it lies in a journal. */
export interface PlacedBatch {
  readonly head: BatchHead;
  readonly offset: number;
  readonly length: number;
}

/** The journal that a run's batches lie in. */
export interface RunFile {
  readonly path: string;
  readonly salt: number;
}

/** Grows at its end while `fits`; `block` tells what it is by now. */
export class BatchRun {
  readonly file: RunFile;
  readonly #places: number[] = [];
  readonly #spans = new Map<string, StreamSpan>();
  readonly #firstSequence: number;
  #nextSequence: number;
  #minMs = Number.POSITIVE_INFINITY;
  #maxMs = Number.NEGATIVE_INFINITY;
  #messageBytes = 0;
  #block: StoredBlock | undefined;

  constructor(file: RunFile, first: PlacedBatch) {
    this.file = file;
    this.#firstSequence = first.head.firstSequence;
    this.#nextSequence = first.head.firstSequence;
    this.add(first);
  }

  get batches(): number {
    return this.#places.length / 2;
  }

  get messageBytes(): number {
    return this.#messageBytes;
  }

  fits(file: RunFile, { head }: PlacedBatch): boolean {
    const isWatched = this.#block !== undefined;
    if (isWatched && (this.batches >= WATCHED_BATCHES_MAX || this.#messageBytes >= WATCHED_BYTES_MAX))
      return false;
    return (
      file === this.file &&
      head.firstSequence === this.#nextSequence &&
      this.#messageBytes + head.messageBytes <= RUN_BYTES_MAX &&
      this.#nextSequence - this.#firstSequence + head.count <= RUN_EVENTS_MAX &&
      this.batches < RUN_BATCHES_MAX
    );
  }

  add({ head, offset, length }: PlacedBatch): void {
    this.#places.push(offset, length);
    this.#nextSequence = head.firstSequence + head.count;
    this.#minMs = Math.min(this.#minMs, head.minMs);
    this.#maxMs = Math.max(this.#maxMs, head.maxMs);
    this.#messageBytes += head.messageBytes;
    this.#spans.set(head.stream, joinSpans(this.#spans.get(head.stream), spanOf(head)));
    this.#block = undefined;
  }

  block(): StoredBlock {
    this.#block ??= {
      firstSequence: this.#firstSequence,
      count: this.#nextSequence - this.#firstSequence,
      minMs: this.#minMs,
      maxMs: this.#maxMs,
      messageBytes: this.#messageBytes,
      spans: [...this.#spans.values()],
      source: { ...this.file, frames: Float64Array.from(this.#places), kind: 'batches' },
    };
    return this.#block;
  }
}

function spanOf(head: BatchHead): StreamSpan {
  return {
    stream: head.stream,
    events: head.count,
    messageBytes: head.messageBytes,
    firstMs: head.minMs,
    lastMs: head.maxMs,
    lastIngestedMs: head.ingestedMs,
  };
}

/** A run's frames as one block. Undefined stands for a frame that is damaged: its events are GONE. */
export function joinBatches(
  block: Pick<StoredBlock, 'firstSequence' | 'count'>,
  frames: readonly (Buffer | undefined)[],
): Omit<LogBlock, 'account' | 'group'> {
  const heads = frames.map((frame) => frame && decodeHead(frame));
  const { count, firstSequence } = block;
  const bytes = Buffer.allocUnsafe(heads.reduce((sum, head) => sum + (head?.messageBytes ?? 0), 0));
  const columns = {
    timestampsMs: new Float64Array(count),
    ingestedMs: new Float64Array(count),
    starts: new Uint32Array(count + 1),
    streams: new Uint32Array(count).fill(GONE),
  };
  const names = new Map<string, number>();
  let bytesAt = 0;
  let at = 0;
  for (const [index, head] of heads.entries()) {
    const frame = frames[index];
    if (!head || !frame) continue;
    const start = head.firstSequence - firstSequence;
    columns.starts.fill(bytesAt, at + 1, start + 1);
    const stream = names.get(head.stream) ?? names.size;
    names.set(head.stream, stream);
    copyColumns(frame, { ...columns, at: start, bytesAt, bytes });
    columns.streams.fill(stream, start, start + head.count);
    columns.ingestedMs.fill(head.ingestedMs, start, start + head.count);
    bytesAt += head.messageBytes;
    at = start + head.count;
  }
  columns.starts.fill(bytesAt, at + 1);
  return { ...columns, count, firstSequence, bytes, streamNames: [...names.keys()] };
}
