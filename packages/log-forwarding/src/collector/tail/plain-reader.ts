// Lines out of a file that holds one event a line: audit logs and exported journals. The record's time stands in the
// event, so the line carries none.
import { isUtf8 } from 'node:buffer';
import { emptyLine, type Line } from './line.ts';
import type { ChunkPlace, EmitLine, LineReader } from './line-reader.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

export class PlainReader implements LineReader {
  readonly #emit: EmitLine;
  readonly #line: Line = emptyLine();

  constructor(emit: EmitLine) {
    this.#emit = emit;
  }

  feed(chunk: Buffer, place: ChunkPlace): number {
    let at = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, at)) {
      this.#read(chunk.subarray(at, end), { ...place, position: place.position + at }, end + 1 - at);
      at = end + 1;
    }
    if (place.complete && at < chunk.length) {
      const rest = chunk.subarray(at);
      this.#read(rest, { ...place, position: place.position + at }, rest.length);
      at = chunk.length;
    }
    return at;
  }

  resumeFrom(position: number): number {
    return position;
  }

  flush(): void {
    // Nothing is held back.
  }

  #read(text: Buffer, place: ChunkPlace, rawBytes: number): void {
    const line = this.#line;
    line.endPosition = place.position + rawBytes;
    if (line.endPosition <= place.skipTo) return;
    const whole = text.at(-1) === carriageReturn ? text.subarray(0, -1) : text;
    if (whole.length === 0) return;
    line.bytes = isUtf8(whole) ? whole : Buffer.from(whole.toString('utf8'));
    line.start = 0;
    line.end = line.bytes.length;
    line.rawBytes = rawBytes;
    line.resumePosition = place.position;
    this.#emit(line);
  }
}
