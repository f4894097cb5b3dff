// Buffers that are used again: batches come and go by the hundred a second, and memory outside of the heap is freed
// late.

const smallestBytes = 2 * 1024;

export class BufferPool {
  readonly #free = new Map<number, Buffer[]>();
  readonly #keepBytesMax: number;
  #keptBytes = 0;

  constructor(keepBytesMax: number) {
    this.#keepBytesMax = keepBytesMax;
  }

  /** A buffer of at least `sizeBytes`, with whatever is in it. */
  take(sizeBytes: number): Buffer {
    let size = smallestBytes;
    while (size < sizeBytes) size *= 2;
    const kept = this.#free.get(size)?.pop();
    if (!kept) return Buffer.allocUnsafeSlow(size);
    this.#keptBytes -= size;
    return kept;
  }

  /** Gives back what `take` gave; the caller must not touch it again. */
  give(buffer: Buffer): void {
    if (this.#keptBytes + buffer.length > this.#keepBytesMax) return;
    this.#keptBytes += buffer.length;
    const sameSize = this.#free.get(buffer.length);
    if (sameSize) sameSize.push(buffer);
    else this.#free.set(buffer.length, [buffer]);
  }
}
