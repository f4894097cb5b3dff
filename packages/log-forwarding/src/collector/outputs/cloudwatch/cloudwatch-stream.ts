// The way into one stream: puts records into its growing batch, begins another when that is full, and cuts a message in
// two when its record is larger than CloudWatch's largest event.
import type { Lane } from '../../tail/progress.ts';
import type { RecordTemplate } from '../../records/record-template.ts';
import type { Entry, OutputStream } from '../output.ts';
import type { AddResult, Batch } from './batch.ts';
import type { BatchQueues } from './batch-queues.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { StreamQueue } from './stream-queue.ts';

export interface StreamContext {
  readonly queues: BatchQueues;
  readonly counts: DeliveryCounts;
  readonly nowMs: () => number;
  /** Whether what is added is dropped. */
  readonly isFull: () => boolean;
  readonly added: () => void;
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** Whether the end of the line is in it. */
  readonly isLast: boolean;
}

export class CloudWatchStream implements OutputStream {
  readonly #queue: StreamQueue;
  readonly #context: StreamContext;

  constructor(queue: StreamQueue, context: StreamContext) {
    this.#queue = queue;
    this.#context = context;
  }

  release(): void {
    this.#context.queues.release(this.#queue);
  }

  addLine(lane: Lane, template: RecordTemplate, entry: Entry): number {
    if (this.#context.isFull()) return this.#reject('bufferFull');
    const { start, end } = entry.line;
    return this.#addRange(lane, template, entry, { start, end, isLast: true });
  }

  addRecord(lane: Lane, json: string, entry: Entry): number {
    if (this.#context.isFull()) return this.#reject('bufferFull');
    const result = this.#add((batch) => batch.addJson(json, entry.line.timestampMs));
    // A record without a message of its own cannot be cut.
    return typeof result === 'string' ? this.#reject(result) : this.#mark(lane, entry, true, result);
  }

  #addRange(lane: Lane, template: RecordTemplate, entry: Entry, range: Range): number {
    const result = this.#add((batch) => batch.addLine(template, entry, range.start, range.end));
    if (typeof result !== 'string') return this.#mark(lane, entry, range.isLast, result);
    const middle = middleOf(entry.line.bytes, range);
    if (middle <= range.start || middle >= range.end) return this.#reject(result);
    return (
      this.#addRange(lane, template, entry, { start: range.start, end: middle, isLast: false }) +
      this.#addRange(lane, template, entry, { start: middle, end: range.end, isLast: range.isLast })
    );
  }

  /** The batch that took the record, or why none does. */
  #add(write: (batch: Batch) => AddResult): Batch | 'tooLarge' {
    const { queues, nowMs } = this.#context;
    for (;;) {
      const isNew = this.#queue.open === undefined;
      const batch = this.#queue.growing(queues.pool, queues.limits, nowMs());
      const sizeBytes = isNew ? 0 : batch.sizeBytes;
      const result = write(batch);
      queues.memoryBytes += batch.sizeBytes - sizeBytes;
      if (result === 'added') return batch;
      if (result === 'tooLarge') return result;
      queues.seal(this.#queue);
      this.#context.added();
    }
  }

  #mark(lane: Lane, entry: Entry, isWhole: boolean, batch: Batch): number {
    batch.mark(lane, entry, isWhole);
    if (batch.events === 1) this.#context.added();
    return batch.lastRecordBytes;
  }

  #reject(reason: string): number {
    this.#context.counts.reject(reason, 1);
    return 0;
  }
}

/** The middle of a range that does not cut a character. */
function middleOf(bytes: Uint8Array, { start, end }: Range): number {
  let middle = start + ((end - start) >> 1);
  while (middle > start && ((bytes[middle] as number) & 0xc0) === 0x80) middle--;
  return middle;
}
