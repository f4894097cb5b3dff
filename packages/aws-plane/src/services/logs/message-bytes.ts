// The messages of a batch, one after another, as they are copied out of the strings of a JSON body.
import type { BodyCursor } from './body-cursor.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const U = 0x75;
/** Of half a surrogate pair, which no UTF-8 can say. */
const REPLACEMENT = 0xfffd;

/** What a letter behind a backslash stands for; 0 where it stands for nothing. */
const escapes = new Uint8Array(256);
for (const [letter, byte] of Object.entries({
  '"': QUOTE,
  '\\': BACKSLASH,
  '/': 0x2f,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
})) {
  escapes[letter.charCodeAt(0)] = byte;
}

export class MessageBytes {
  readonly bytes: Buffer;
  readonly #view: DataView;
  #end = 0;

  /** Text never grows when its escapes are undone: `sizeBytes` is that of the JSON at most. */
  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Of all messages so far. */
  get end(): number {
    return this.#end;
  }

  /** Takes the string whose opening quote the cursor has passed. False when it is empty, or no string of JSON. */
  take(cursor: BodyCursor): boolean {
    const { bytes: from } = cursor;
    const start = this.#end;
    let at = this.#takePlain(cursor, cursor.at);
    for (let byte = from[at]; byte !== QUOTE; byte = from[at]) {
      // A control character, or the end of the body.
      if (byte !== BACKSLASH) return false;
      const behind = this.#takeEscape(from, at + 1);
      if (behind < 0) return false;
      at = this.#takePlain(cursor, behind);
    }
    cursor.at = at + 1;
    return this.#end > start;
  }

  /** Takes the bytes from `at` on that stand for themselves, four at a time as long as it can. Returns where they end. */
  #takePlain({ bytes: from, view }: BodyCursor, at: number): number {
    const { bytes: to } = this;
    const lastWord = from.length - 4;
    let next = at;
    let end = this.#end;
    for (; next <= lastWord; next += 4, end += 4) {
      const word = view.getInt32(next, true);
      if (!isPlain(word)) break;
      this.#view.setInt32(end, word, true);
    }
    for (; next < from.length; next++) {
      const byte = from[next] ?? 0;
      if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) break;
      to[end++] = byte;
    }
    this.#end = end;
    return next;
  }

  /** Takes what stands for a character behind the backslash before `at`. Returns where it ends; -1 for nothing of JSON. */
  #takeEscape(from: Buffer, at: number): number {
    const letter = from[at] ?? 0;
    const plain = escapes[letter] ?? 0;
    if (plain !== 0) {
      this.bytes[this.#end++] = plain;
      return at + 1;
    }
    const unit = letter === U ? hexAt(from, at + 1) : -1;
    if (unit < 0) return -1;
    const point = pointAt(from, at + 1, unit);
    this.#end = putPoint(this.bytes, this.#end, point);
    return at + (point > 0xffff ? 11 : 5);
  }
}

/** True when none of the four bytes in `word` is a quote, a backslash or below a space: looks at all of them at once. */
function isPlain(word: number): boolean {
  const quotes = word ^ 0x2222_2222;
  const backslashes = word ^ 0x5c5c_5c5c;
  // A byte's highest bit is set where it was less than what is taken from it; bytes that had the bit are none of these.
  const low = (word - 0x2020_2020) & ~word;
  const zero = ((quotes - 0x0101_0101) & ~quotes) | ((backslashes - 0x0101_0101) & ~backslashes);
  return ((low | zero) & 0x8080_8080) === 0;
}

/** The number of four hexadecimal digits; -1 when there are none. */
function hexAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = digitOf(bytes[i] ?? 0);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The character that begins with `unit`, whose digits stand at `at`: it may go on in the escape behind. */
function pointAt(bytes: Buffer, at: number, unit: number): number {
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const isPair = unit < 0xdc00 && bytes[at + 4] === BACKSLASH && bytes[at + 5] === U;
  const low = isPair ? hexAt(bytes, at + 6) : -1;
  return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + (unit - 0xd800) * 0x400 + low - 0xdc00 : REPLACEMENT;
}

/** Writes a character as UTF-8 and returns where it ends. */
function putPoint(to: Buffer, at: number, point: number): number {
  let end = at;
  if (point < 0x80) {
    to[end++] = point;
    return end;
  }
  if (point < 0x800) to[end++] = 0xc0 | (point >> 6);
  else {
    if (point < 0x10000) to[end++] = 0xe0 | (point >> 12);
    else {
      to[end++] = 0xf0 | (point >> 18);
      to[end++] = 0x80 | ((point >> 12) & 0x3f);
    }
    to[end++] = 0x80 | ((point >> 6) & 0x3f);
  }
  to[end++] = 0x80 | (point & 0x3f);
  return end;
}
