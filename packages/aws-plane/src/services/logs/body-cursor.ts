// A place in the bytes of a JSON body, and the steps that reading its events takes from there.

export const chars = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  open: 0x7b,
  close: 0x7d,
} as const;

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
/** So many digits are a number that is held exactly. */
const DIGITS_MAX = 15;

export class BodyCursor {
  readonly bytes: Buffer;
  /** Of the same bytes. */
  readonly view: DataView;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Passes blanks and then `char`; false when it is not there. */
  take(char: number): boolean {
    if (this.#next() !== char) return false;
    this.at++;
    return true;
  }

  /** Passes blanks and then `name`, which is a string with its quotes, and the colon behind it. */
  takeName(name: Buffer): boolean {
    this.#next();
    const { bytes, at } = this;
    for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
    this.at += name.length;
    return this.take(chars.colon);
  }

  /** Passes a whole number that is not negative, written in its digits alone; undefined when it is no such number. */
  number(): number | undefined {
    this.#next();
    const { bytes, at } = this;
    let value = 0;
    let end = at;
    for (let byte = bytes[end]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = bytes[++end]) {
      value = value * 10 + byte - ZERO;
    }
    const length = end - at;
    if (length === 0 || length > DIGITS_MAX || (length > 1 && bytes[at] === ZERO)) return undefined;
    this.at = end;
    return value;
  }

  /** Passes a string or anything else that stands for a member's value. What is no JSON is not noticed. */
  skipValue(): void {
    let depth = 0;
    for (let byte = this.#next(); byte !== undefined; byte = this.bytes[this.at]) {
      if (depth === 0 && (byte === chars.comma || byte === chars.close)) return;
      if (byte === chars.quote) {
        this.skipString();
        continue;
      }
      if (byte === chars.open || byte === chars.openList) depth++;
      else if (byte === chars.close || byte === chars.closeList) depth--;
      this.at++;
    }
  }

  /** Passes a string, from its opening quote on. */
  skipString(): void {
    this.at++;
    for (let byte = this.bytes[this.at]; byte !== undefined; byte = this.bytes[++this.at]) {
      if (byte === chars.backslash) this.at++;
      else if (byte === chars.quote) {
        this.at++;
        return;
      }
    }
  }

  /** Passes blanks and says what comes then. */
  #next(): number | undefined {
    let byte = this.bytes[this.at];
    while (byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = this.bytes[++this.at];
    return byte;
  }
}
