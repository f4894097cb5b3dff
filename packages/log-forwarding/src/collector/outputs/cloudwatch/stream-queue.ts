// What waits for one stream: at most one batch that still grows, and sealed ones in the order in which they are sent.
// A sealed batch is in memory, on disk, or both while it is being sent.
import { Batch, type BatchLimits, type SealedBatch } from './batch.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { DiskRef } from './disk-buffer.ts';

/** A batch in its turn. */
export interface QueuedBatch {
  readonly events: number;
  readonly recordBytes: number;
  readonly openedMs: number;
  /** In memory. */
  body: Buffer | undefined;
  /** The batch that lends the memory; undefined when the body was read from disk. */
  batch: Batch | undefined;
  /** On disk. */
  disk: DiskRef | undefined;
  /** Whether an earlier try may have been carried out. */
  uncertain: boolean;
  isSending: boolean;
}

export type StreamState = 'idle' | 'delayed' | 'due' | 'sending';

export class StreamQueue {
  readonly group: string;
  readonly name: string;
  readonly header: Buffer;
  state: StreamState = 'idle';
  /** Failures in a row. */
  failures = 0;
  /** Not to be tried before; milliseconds. Only set while `failures` > 0. */
  retryAtMs = 0;
  open: Batch | undefined;
  /** Bytes of the batch before: the next will be much like it. */
  #expectedBytes = 0;
  readonly sealed: QueuedBatch[] = [];

  constructor(group: string, name: string) {
    this.group = group;
    this.name = name;
    const names = `{"logGroupName":${JSON.stringify(group)},"logStreamName":${JSON.stringify(name)},"logEvents":[`;
    this.header = Buffer.from(names);
  }

  get key(): string {
    return `${this.group}\n${this.name}`;
  }

  get isEmpty(): boolean {
    return this.sealed.length === 0 && (this.open === undefined || this.open.events === 0);
  }

  /** When the oldest event that is not delivered was read. */
  get sinceMs(): number | undefined {
    return this.sealed[0]?.openedMs ?? this.open?.openedMs;
  }

  /** The batch that grows, made when there is none. */
  growing(pool: BufferPool, limits: BatchLimits, nowMs: number): Batch {
    this.open ??= new Batch(this.header, pool, { ...limits, nowMs, expectedBytes: this.#expectedBytes });
    return this.open;
  }

  /** The batch that grew is ready to be sent; the next line begins another. */
  seal(): QueuedBatch | undefined {
    const batch = this.open;
    if (!batch || batch.events === 0) return undefined;
    this.open = undefined;
    const sealed: SealedBatch = batch.seal();
    this.#expectedBytes = sealed.body.length;
    const queued: QueuedBatch = { ...sealed, batch, disk: undefined, uncertain: false, isSending: false };
    this.sealed.push(queued);
    return queued;
  }
}

/** Tells the logs that what `batch` held need not be read again. */
export function settle(batch: Batch | undefined): void {
  if (!batch) return;
  for (const [lane, mark] of batch.marks) lane.leave(mark);
  batch.marks.clear();
}
