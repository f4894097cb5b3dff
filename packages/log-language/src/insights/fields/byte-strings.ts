// Short byte strings that come again and again, made into JavaScript strings once.

const capacity = 16_384;
const lengthMax = 48;

/** A direct-mapped cache: a string that meets another at its place replaces it. */
export class ByteStrings {
  /** Made when the first string comes by: many queries want none. */
  #keys: Uint8Array | undefined;
  readonly #lengths = new Uint8Array(capacity);
  readonly #texts: string[] = Array.from({ length: capacity }, () => '');

  /** The text of `bytes[start, end)`, UTF-8. */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > lengthMax) return bytes.toString('utf8', start, end);
    let hash = length;
    let all = 0;
    for (let index = start; index < end; index += 1) {
      const byte = bytes[index] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      all |= byte;
    }
    const place = (hash ^ (hash >>> 14)) & (capacity - 1);
    if (this.#lengths[place] === length && this.#holds(place * lengthMax, bytes, start, end)) {
      return this.#texts[place] ?? '';
    }
    // The same for ASCII, but quicker.
    const text = bytes.toString(all < 0x80 ? 'latin1' : 'utf8', start, end);
    this.#keys ??= new Uint8Array(capacity * lengthMax);
    for (let index = 0; index < length; index += 1) {
      this.#keys[place * lengthMax + index] = bytes[start + index] ?? 0;
    }
    this.#lengths[place] = length;
    this.#texts[place] = text;
    return text;
  }

  /** Whether the key at `at`, whose length is known to be right, is `bytes[start, end)`. */
  #holds(at: number, bytes: Uint8Array, start: number, end: number): boolean {
    const keys = this.#keys;
    if (!keys) return start === end;
    for (let index = start; index < end; index += 1) {
      if (keys[at + index - start] !== bytes[index]) return false;
    }
    return true;
  }
}
