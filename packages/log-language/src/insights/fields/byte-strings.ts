// Short byte strings that come again and again, made into JavaScript strings once.

const capacity = 4096;
const lengthMax = 64;

/** A direct-mapped cache: a string that meets another at its place replaces it. */
export class ByteStrings {
  readonly #keys: (Uint8Array | undefined)[] = Array.from({ length: capacity });
  readonly #texts: string[] = Array.from({ length: capacity }, () => '');

  /** The text of `bytes[start, end)`, UTF-8. */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > lengthMax) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let index = start; index < end; index += 1) hash = (Math.imul(hash, 31) + (bytes[index] ?? 0)) | 0;
    const place = (hash ^ (hash >>> 12)) & (capacity - 1);
    const key = this.#keys[place];
    if (key !== undefined && key.length === length && equals(key, bytes, start))
      return this.#texts[place] ?? '';
    const text = bytes.toString('utf8', start, end);
    this.#keys[place] = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#texts[place] = text;
    return text;
  }
}

function equals(key: Uint8Array, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < key.length; index += 1) {
    if (key[index] !== bytes[start + index]) return false;
  }
  return true;
}
