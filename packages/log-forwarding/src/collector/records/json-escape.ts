// A container's bytes as they stand in PutLogEvents: escaped once for the record's JSON, and once more because the
// record is itself a string in the request's JSON. Written in one pass, without a string for the event.

/** How many bytes a byte becomes at most: U+0001 is `\\u0001`. */
export const growthMax = 7;

const backslash = 0x5c;
const quote = 0x22;
const plain = 0;
const quoted = 1;
const short = 2;
const long = 3;

const shortEscapes: Readonly<Record<number, number>> = {
  0x08: 0x62,
  0x09: 0x74,
  0x0a: 0x6e,
  0x0c: 0x66,
  0x0d: 0x72,
};
const hexDigits = Buffer.from('0123456789abcdef');

/** What each byte needs. Bytes from 0x80 are parts of characters and stay. */
const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === quote || byte === backslash) return quoted;
  if (byte >= 0x20) return plain;
  return shortEscapes[byte] === undefined ? long : short;
});

/** Where writing stopped, and how many of the written bytes the outer escape added. */
export interface Escaped {
  end: number;
  /** Bytes that are there only because the record is a string in JSON: CloudWatch does not count them. */
  outerBytes: number;
}

/** A range of bytes; valid UTF-8. */
export interface ByteRange {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Writes `source`, escaped twice, to `target` from `at`; equal to JSON.stringify applied twice, without the quotes.
 * `target` must have room for `growthMax` times the range.
 */
export function escapeTwice(source: ByteRange, target: Uint8Array, at: number, result: Escaped): void {
  const { bytes, end } = source;
  let out = at;
  let outerBytes = 0;
  for (let index = source.start; index < end; index++) {
    const byte = bytes[index] as number;
    const kind = classes[byte];
    if (kind === plain) {
      target[out++] = byte;
      continue;
    }
    target[out++] = backslash;
    target[out++] = backslash;
    if (kind === quoted) {
      target[out++] = backslash;
      target[out++] = byte;
      outerBytes += 2;
    } else {
      out = writeControl(byte, target, out);
      outerBytes += 1;
    }
  }
  result.end = out;
  result.outerBytes = outerBytes;
}

function writeControl(byte: number, target: Uint8Array, at: number): number {
  const letter = shortEscapes[byte];
  if (letter !== undefined) {
    target[at] = letter;
    return at + 1;
  }
  target[at] = 0x75;
  target[at + 1] = 0x30;
  target[at + 2] = 0x30;
  target[at + 3] = hexDigits[byte >> 4] as number;
  target[at + 4] = hexDigits[byte & 15] as number;
  return at + 5;
}

/** JSON text as it stands inside a JSON string, without the quotes. */
export function escapeOnce(json: string): string {
  return JSON.stringify(json).slice(1, -1);
}
