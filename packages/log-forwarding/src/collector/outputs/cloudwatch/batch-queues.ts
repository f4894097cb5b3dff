// The streams of one output with what waits for each: in memory up to a limit, beyond it on disk.
import type { Logger } from '@pergola/kernel';
import type { BatchLimits } from './batch.ts';
import { BufferPool } from './buffer-pool.ts';
import type { DiskBuffer } from './disk-buffer.ts';
import { type QueuedBatch, settle, StreamQueue } from './stream-queue.ts';

export interface BatchQueuesOptions {
  readonly memoryBytesMax: number;
  readonly disk: DiskBuffer | undefined;
  readonly limits: BatchLimits;
  readonly logger: Logger;
}

export class BatchQueues {
  readonly pool: BufferPool;
  readonly limits: BatchLimits;
  readonly memoryBytesMax: number;
  readonly #disk: DiskBuffer | undefined;
  readonly #logger: Logger;
  readonly #streams = new Map<string, { readonly queue: StreamQueue; users: number }>();
  /** Of all batches, the growing ones included. */
  memoryBytes = 0;
  /** The disk refused the last write. */
  #diskFailed = false;

  constructor({ memoryBytesMax, disk, limits, logger }: BatchQueuesOptions) {
    this.memoryBytesMax = memoryBytesMax;
    // What is let go is taken again at once: memory outside of the heap is freed late.
    this.pool = new BufferPool(memoryBytesMax);
    this.#disk = disk;
    this.limits = limits;
    this.#logger = logger;
    for (const ref of disk?.found ?? []) {
      const { events, recordBytes, openedMs, group, stream } = ref.entry;
      // Whether it arrived before the crash nobody knows.
      const known = { events, recordBytes, openedMs, body: undefined, batch: undefined, disk: ref };
      this.#queueOf(group, stream).queue.sealed.push({ ...known, uncertain: true, isSending: false });
    }
  }

  get size(): number {
    return this.#streams.size;
  }

  get diskBytes(): number {
    return this.#disk?.sizeBytes ?? 0;
  }

  *[Symbol.iterator](): Iterator<StreamQueue> {
    for (const { queue } of this.#streams.values()) yield queue;
  }

  /** The queue of a stream, kept until it is released as often as it was asked for and empty. */
  use(group: string, name: string): StreamQueue {
    const known = this.#queueOf(group, name);
    known.users += 1;
    return known.queue;
  }

  release(queue: StreamQueue): void {
    const known = this.#streams.get(queue.key);
    if (!known) return;
    known.users -= 1;
    this.forgetIfUnused(queue);
  }

  forgetIfUnused(queue: StreamQueue): void {
    const known = this.#streams.get(queue.key);
    if (known && known.users <= 0 && queue.isEmpty) this.#streams.delete(queue.key);
  }

  get isFull(): boolean {
    return this.memoryBytes >= this.memoryBytesMax;
  }

  /** Ends the batch of `queue` that grows. */
  seal(queue: StreamQueue): void {
    const growing = queue.open;
    if (!growing) return;
    const before = growing.sizeBytes;
    queue.seal();
    this.memoryBytes += growing.sizeBytes - before;
  }

  get isDiskFull(): boolean {
    return this.#disk === undefined || this.#diskFailed || !this.#disk.hasRoomFor(this.memoryBytesMax / 2);
  }

  /** The batch's bytes, read from disk when they are only there; undefined when the disk has lost them. */
  bodyOf(batch: QueuedBatch): Buffer | undefined {
    if (batch.body) return batch.body;
    return batch.disk && this.#disk?.read(batch.disk);
  }

  /** Takes the first batch off its stream: it is delivered, or refused for good. */
  remove(queue: StreamQueue): void {
    const batch = queue.sealed.shift();
    if (!batch) return;
    settle(batch.batch);
    this.#freeMemory(batch);
    if (batch.disk) {
      this.#disk?.accept(batch.disk);
      this.#diskFailed = false;
    }
  }

  /** Puts batches in the place of the first one, of which they are the parts. */
  replace(queue: StreamQueue, parts: readonly QueuedBatch[]): void {
    const [whole] = queue.sealed.splice(0, 1, ...parts);
    const last = parts.at(-1);
    if (!whole || !last) return;
    // The logs hear of the whole when its last part has left.
    last.batch = whole.batch;
    last.disk = whole.disk;
  }

  /** Moves the oldest streams' batches to disk until memory is half empty. True when something was moved. */
  spill(): boolean {
    if (!this.#disk || this.isDiskFull) return false;
    const moved: QueuedBatch[] = [];
    for (const queue of this) {
      if (this.memoryBytes - sum(moved) <= this.memoryBytesMax / 2) break;
      this.seal(queue);
      if (!this.#write(queue, moved)) break;
    }
    this.#disk.sync();
    for (const batch of moved) {
      settle(batch.batch);
      // What is being sent stays in memory until that has ended.
      if (!batch.isSending) this.#freeMemory(batch);
    }
    return moved.length > 0;
  }

  #write(queue: StreamQueue, moved: QueuedBatch[]): boolean {
    for (const batch of queue.sealed) {
      if (batch.disk || !batch.body) continue;
      const { events, recordBytes, openedMs } = batch;
      const entry = { group: queue.group, stream: queue.name, events, recordBytes, openedMs };
      try {
        if (!this.#disk?.hasRoomFor(batch.body.length)) return false;
        batch.disk = this.#disk.write(entry, batch.body);
      } catch (error) {
        this.#diskFailed = true;
        this.#logger.error({ error }, 'the disk buffer cannot be written');
        return false;
      }
      moved.push(batch);
    }
    return true;
  }

  #freeMemory(batch: QueuedBatch): void {
    if (!batch.batch) return;
    this.memoryBytes -= batch.batch.sizeBytes;
    batch.batch.release();
    batch.batch = undefined;
    batch.body = undefined;
  }

  #queueOf(group: string, name: string): { readonly queue: StreamQueue; users: number } {
    const queue = new StreamQueue(group, name);
    const known = this.#streams.get(queue.key);
    if (known) return known;
    const added = { queue, users: 0 };
    this.#streams.set(queue.key, added);
    return added;
  }
}

function sum(batches: readonly QueuedBatch[]): number {
  return batches.reduce((bytes, { batch }) => bytes + (batch?.sizeBytes ?? 0), 0);
}
