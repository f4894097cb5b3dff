// The CRI log line: `<RFC 3339 nano time> <stream> <F|P> <bytes>\n`, on bytes. A line longer than 16 KiB is
// written in parts: P, P, …, F.

const maxPartBytes = 16 * 1024;
const newline = 0x0a;

export type LogStream = 'stdout' | 'stderr';

/** Cuts one stream of a container into CRI lines. Keeps at most one part (16 KiB) between calls. */
export class CriFormatter {
  readonly #full: Buffer;
  readonly #partial: Buffer;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: LogStream) {
    this.#full = Buffer.from(` ${stream} F `);
    this.#partial = Buffer.from(` ${stream} P `);
  }

  /** The lines that `chunk` completes, as one list of slices to be written together. */
  push(chunk: Buffer, nowMs: number): Buffer[] {
    const time = criTime(nowMs);
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const out: Buffer[] = [];
    let start = 0;
    for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
      start = this.#parts(data, start, { end, time, out });
      out.push(time, this.#full, data.subarray(start, end + 1));
      start = end + 1;
    }
    start = this.#parts(data, start, { end: data.length, time, out });
    this.#rest = Buffer.from(data.subarray(start));
    return out;
  }

  /** What is left when the stream ends without a newline. */
  flush(nowMs: number): Buffer[] {
    if (this.#rest.length === 0) return [];
    const out = [criTime(nowMs), this.#partial, this.#rest, Buffer.from('\n')];
    this.#rest = Buffer.alloc(0);
    return out;
  }

  /** Emits the parts of a long line from `start`; returns where the rest begins. */
  #parts(data: Buffer, start: number, to: { end: number; time: Buffer; out: Buffer[] }): number {
    let at = start;
    while (to.end - at > maxPartBytes) {
      to.out.push(to.time, this.#partial, data.subarray(at, at + maxPartBytes), Buffer.from('\n'));
      at += maxPartBytes;
    }
    return at;
  }
}

/** RFC 3339 with nine digits; the clock gives milliseconds. */
export function criTime(nowMs: number): Buffer {
  return Buffer.from(`${new Date(nowMs).toISOString().slice(0, 23)}000000Z`);
}

/** One parsed line; `content` includes the newline when the line is full. */
export interface CriLine {
  readonly time: string;
  readonly stream: string;
  readonly partial: boolean;
  readonly content: Buffer;
}

/** Parses one line without its newline; undefined when it is not CRI format. */
export function parseCriLine(line: Buffer): CriLine | undefined {
  const first = line.indexOf(0x20);
  const second = line.indexOf(0x20, first + 1);
  const third = line.indexOf(0x20, second + 1);
  if (first < 20 || second < 0 || third < 0) return undefined;
  return {
    time: line.toString('latin1', 0, first),
    stream: line.toString('latin1', first + 1, second),
    partial: line[second + 1] === 0x50,
    content: line.subarray(third + 1),
  };
}
