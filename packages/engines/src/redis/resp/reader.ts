// Bytes of a connection to commands: RESP arrays of bulk strings, and inline commands as typed into a terminal.
// Bytes become strings of one byte a character, which lose nothing and are quick to compare and to write again.

/** What the other side sent cannot be read on; the connection ends. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

export interface ReaderLimits {
  /** Parts of a command. */
  args: number;
  /** Bytes of one part. */
  bulkBytes: number;
  /** Bytes of a command as a whole. */
  commandBytes: number;
}

/** Before a client has logged in: as Redis has it, so that a stranger cannot take memory. */
export const strangerLimits: ReaderLimits = { args: 10, bulkBytes: 16_384, commandBytes: 65_536 };

const INLINE_BYTES = 65_536;
const CR = 13;
const LF = 10;
const DOLLAR = 36;
const STAR = 42;
const EMPTY = Buffer.alloc(0);

export class CommandReader {
  limits: ReaderLimits;
  #bytes: Buffer = EMPTY;
  #at = 0;
  /** Chunks that are not yet joined: a large value comes in many, and joining each would cost its square. */
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  /** Unread bytes without which there is nothing new to see. */
  #needed = 1;
  /** Of the command that is being read. */
  #args: string[] | undefined;
  #missing = 0;
  #bulk = -1;
  #commandBytes = 0;

  constructor(limits: ReaderLimits = strangerLimits) {
    this.limits = limits;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
  }

  /** The next command, name first, or undefined until more bytes come. Throws a ProtocolError. */
  next(): string[] | undefined {
    if (!this.#join()) return undefined;
    for (;;) {
      if (this.#args) {
        if (!this.#readBulk(this.#args)) return undefined;
        if (this.#missing === 0) return this.#finished(this.#args);
      } else if (this.#at >= this.#bytes.length) {
        return this.#wait(1);
      } else if (this.#bytes[this.#at] === STAR) {
        if (!this.#begin()) return undefined;
      } else {
        const words = this.#inline();
        if (words === undefined || words.length > 0) return words;
      }
    }
  }

  #finished(args: string[]): string[] {
    this.#args = undefined;
    return args;
  }

  #join(): boolean {
    const left = this.#bytes.length - this.#at;
    if (this.#chunks.length > 0 && left + this.#chunkBytes >= this.#needed) {
      const rest = left > 0 ? [this.#bytes.subarray(this.#at), ...this.#chunks] : this.#chunks;
      this.#bytes = rest.length === 1 ? (rest[0] ?? EMPTY) : Buffer.concat(rest);
      this.#at = 0;
      this.#chunks = [];
      this.#chunkBytes = 0;
    }
    return this.#bytes.length - this.#at >= this.#needed;
  }

  #wait(needed: number): undefined {
    this.#needed = Math.max(1, needed);
    return undefined;
  }

  /** The line at the place, without its end; moves behind it. */
  #line(limit: number): string | undefined {
    const end = this.#bytes.indexOf(LF, this.#at);
    const length = (end < 0 ? this.#bytes.length : end) - this.#at;
    if (length > limit)
      throw new ProtocolError(this.#args ? 'too big bulk count string' : 'too big inline request');
    if (end < 0) return this.#wait(length + 1);
    const stop = end > this.#at && this.#bytes[end - 1] === CR ? end - 1 : end;
    const line = this.#bytes.toString('latin1', this.#at, stop);
    this.#at = end + 1;
    this.#needed = 1;
    return line;
  }

  #inline(): string[] | undefined {
    const line = this.#line(Math.min(INLINE_BYTES, this.limits.commandBytes));
    return line === undefined ? undefined : splitWords(line);
  }

  /** `*3`: true when there is such a line. */
  #begin(): boolean {
    const line = this.#line(64);
    if (line === undefined) return false;
    const count = countOf(line.slice(1));
    if (count === undefined || count > 1_048_576) throw new ProtocolError('invalid multibulk length');
    if (count > this.limits.args) throw new ProtocolError('unauthenticated multibulk length');
    if (count > 0) {
      this.#args = [];
      this.#missing = count;
      this.#commandBytes = 0;
    }
    return true;
  }

  /** Reads one `$3 abc`; false until it is there. */
  #readBulk(args: string[]): boolean {
    if (this.#bulk < 0 && !this.#bulkLength()) return false;
    const end = this.#at + this.#bulk + 2;
    if (this.#bytes.length < end) {
      this.#wait(this.#bulk + 2);
      return false;
    }
    args.push(this.#bytes.toString('latin1', this.#at, end - 2));
    this.#at = end;
    this.#bulk = -1;
    this.#missing--;
    this.#needed = 1;
    return true;
  }

  #bulkLength(): boolean {
    if (this.#at >= this.#bytes.length) {
      this.#wait(1);
      return false;
    }
    const first = this.#bytes[this.#at] ?? 0;
    if (first !== DOLLAR) throw new ProtocolError(`expected '$', got '${printable(first)}'`);
    const line = this.#line(64);
    if (line === undefined) return false;
    const length = countOf(line.slice(1));
    if (length === undefined || length < 0 || length > 512 * 1024 * 1024)
      throw new ProtocolError('invalid bulk length');
    if (length > this.limits.bulkBytes) throw new ProtocolError('unauthenticated bulk length');
    this.#commandBytes += length;
    if (this.#commandBytes > this.limits.commandBytes) throw new ProtocolError('too big mbulk request');
    this.#bulk = length;
    return true;
  }
}

function printable(byte: number): string {
  return byte > 32 && byte < 127 ? String.fromCharCode(byte) : ' ';
}

function countOf(text: string): number | undefined {
  return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

/** The words of an inline command; quotes hold words together. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    const match = /^(?:"((?:\\[^]|[^"\\])*)"|'((?:\\'|[^'])*)'|([^\s"']+))(?=\s|$)\s*/.exec(rest);
    if (!match) throw new ProtocolError('unbalanced quotes in request');
    const [whole, double, single, bare] = match;
    words.push(double === undefined ? (single?.replaceAll("\\'", "'") ?? bare ?? '') : unescape(double));
    rest = rest.slice(whole.length);
  }
  return words;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(x[0-9a-fA-F]{2}|[^])/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
  );
}
