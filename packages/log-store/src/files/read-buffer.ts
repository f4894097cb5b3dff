// Memory that is used again for each block that is looked at once: a scan would otherwise allocate all that it reads.

export class ReadBuffer {
  #bytes: Buffer = Buffer.alloc(0);
  #used = 0;
  #wanted = 0;

  /** Begins anew: what was taken before may be overwritten from now on. */
  reset(): void {
    if (this.#wanted > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(this.#wanted);
    this.#used = 0;
    this.#wanted = 0;
  }

  /** `length` bytes, beginning where numbers of 8 bytes may stand. */
  take(length: number): Buffer {
    const rounded = Math.ceil(length / 8) * 8;
    this.#wanted += rounded;
    const end = this.#used + rounded;
    if (end > this.#bytes.length) return Buffer.allocUnsafeSlow(length);
    const bytes = this.#bytes.subarray(this.#used, this.#used + length);
    this.#used = end;
    return bytes;
  }
}
