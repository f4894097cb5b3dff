// Short byte strings that come again and again, made into JavaScript strings once.

const capacity = 16_384;
const lengthMax = 48;

interface Memory {
  readonly keys: Uint8Array;
  readonly lengths: Uint8Array;
  readonly texts: string[];
}

/** A direct-mapped cache: a string that meets another at its place replaces it. */
export class ByteStrings {
  /** Made when the first string comes by: many queries want none. */
  #memory: Memory | undefined;

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
    const memory = (this.#memory ??= emptyMemory());
    if (memory.lengths[place] === length && holds(memory, place, bytes, start)) {
      return memory.texts[place] ?? '';
    }
    // The same for ASCII, but quicker.
    const text = bytes.toString(all < 0x80 ? 'latin1' : 'utf8', start, end);
    const shift = place * lengthMax - start;
    for (let index = start; index < end; index += 1) memory.keys[shift + index] = bytes[index] ?? 0;
    memory.lengths[place] = length;
    memory.texts[place] = text;
    return text;
  }
}

function emptyMemory(): Memory {
  return {
    keys: new Uint8Array(capacity * lengthMax),
    lengths: new Uint8Array(capacity),
    texts: Array.from<string>({ length: capacity }).fill(''),
  };
}

/** Whether the key at `place`, whose length is known to be right, stands in `bytes` at `start`. */
function holds({ keys, lengths }: Memory, place: number, bytes: Uint8Array, start: number): boolean {
  const at = place * lengthMax;
  const length = lengths[place] ?? 0;
  for (let index = 0; index < length; index += 1) {
    if (keys[at + index] !== bytes[start + index]) return false;
  }
  return true;
}
