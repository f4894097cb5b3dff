// Lines out of a container's file, on bytes: `<time> <stdout|stderr> <F|P> <content>`. Parts are joined for each
// stream; a line that is not CRI is passed on whole, with the time of the line before it, and counted.
import { isUtf8 } from 'node:buffer';
import { readCriTime, setTime } from './cri-time.ts';
import { emptyLine, type Line, timeLength } from './line.ts';
import type { ChunkPlace, EmitLine, LineReader } from './line-reader.ts';
import { type JoinBudget, PartialLine } from './partial-line.ts';

const newline = 0x0a;
const space = 0x20;
const partialTag = 0x50;
const fullTag = 0x46;
const letterO = 0x6f;
const letterE = 0x65;
/** From the end of the time to the end of ` stdout F`. */
const tagsAt = 9;

/** A joined line is let go in pieces of this size: with its record around it, it stays below CloudWatch's 1 MB. */
const joinBytesMax = 960 * 1024;
/** The size of pieces when all containers together hold too much. */
const joinBytesWhenTight = 64 * 1024;

export interface CriReaderOptions {
  readonly emit: EmitLine;
  readonly budget: JoinBudget;
  /** Counts a line that is not CRI. */
  readonly malformed: () => void;
}

export class CriReader implements LineReader {
  readonly #emit: EmitLine;
  readonly #budget: JoinBudget;
  readonly #malformed: () => void;
  readonly #line: Line = emptyLine();
  readonly #partials: readonly [PartialLine, PartialLine];

  constructor({ emit, budget, malformed }: CriReaderOptions) {
    this.#emit = emit;
    this.#budget = budget;
    this.#malformed = malformed;
    this.#partials = [new PartialLine(budget), new PartialLine(budget)];
  }

  feed(chunk: Buffer, place: ChunkPlace): number {
    // One native call for the chunk; only when it fails are lines looked at one by one.
    const valid = isUtf8(chunk);
    let at = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, at)) {
      this.#read(chunk, { start: at, end, next: end + 1, valid }, place);
      at = end + 1;
    }
    if (place.complete && at < chunk.length) {
      this.#read(chunk, { start: at, end: chunk.length, next: chunk.length, valid }, place);
      at = chunk.length;
    }
    return at;
  }

  resumeFrom(position: number): number {
    const [out, err] = this.#partials;
    let from = position;
    if (out.isOpen && out.startPosition < from) from = out.startPosition;
    if (err.isOpen && err.startPosition < from) from = err.startPosition;
    return from;
  }

  flush(beforeMs: number, position: number): void {
    for (const stream of [0, 1] as const) {
      const partial = this.#partials[stream];
      if (!partial.isOpen || partial.touchedMs > beforeMs) continue;
      this.#line.stream = stream;
      // Every line up to here was emitted, so this one ends here, wherever its last part stood.
      this.#line.endPosition = position;
      this.#line.resumePosition = this.resumeFrom(position);
      this.#emitJoined(partial);
    }
  }

  #read(chunk: Buffer, at: LineBounds, place: ChunkPlace): void {
    const line = this.#line;
    const startPosition = place.position + at.start;
    line.endPosition = place.position + at.next;
    line.rawBytes = at.next - at.start;
    line.bytes = chunk;
    const kind = this.#readHeader(chunk, at);
    const pending = this.#partials[line.stream];
    if (kind === 'part' || (kind === 'end' && pending.isOpen)) {
      this.#join(pending, { partial: kind === 'part', startPosition, place });
      return;
    }
    if (line.endPosition <= place.skipTo) return;
    if (!at.valid) makeValid(line);
    line.resumePosition = this.resumeFrom(startPosition);
    this.#emit(line);
  }

  /** Fills in time, stream and content. */
  #readHeader(chunk: Buffer, at: LineBounds): LineKind {
    const line = this.#line;
    const { start, end } = at;
    const timeEnd = chunk[start + timeLength] === space ? start + timeLength : chunk.indexOf(space, start);
    const afterTag = timeEnd + tagsAt;
    if (timeEnd < start || afterTag > end || !isHeader(chunk, timeEnd)) return this.#notCri(at);
    if (!readCriTime(chunk, start, timeEnd, line)) return this.#notCri(at);
    line.stream = chunk[timeEnd + 4] === letterO ? 0 : 1;
    line.start = contentAfter(chunk, afterTag, end);
    line.end = end;
    return chunk[afterTag - 1] === partialTag ? 'part' : 'end';
  }

  /** Nothing is thrown away: the whole line is the message. */
  #notCri({ start, end }: LineBounds): LineKind {
    const line = this.#line;
    line.start = start;
    line.end = end;
    line.stream = 0;
    this.#malformed();
    return 'foreign';
  }

  #join(
    pending: PartialLine,
    part: { readonly partial: boolean; readonly startPosition: number; readonly place: ChunkPlace },
  ): void {
    const line = this.#line;
    pending.add(line, part.startPosition);
    pending.touchedMs = part.place.nowMs;
    const tight = this.#budget.usedBytes > this.#budget.maxBytes;
    if (part.partial && pending.length < (tight ? joinBytesWhenTight : joinBytesMax)) return;
    line.resumePosition = this.resumeFrom(part.startPosition);
    if (line.endPosition > part.place.skipTo) this.#emitJoined(pending);
    else pending.take(line);
  }

  #emitJoined(pending: PartialLine): void {
    const line = this.#line;
    pending.take(line);
    // The runtime cuts anywhere, so only the joined line tells whether its characters are whole.
    if (!isUtf8(line.bytes.subarray(0, line.end))) makeValid(line);
    this.#emit(line);
  }

  /** For a file that begins with no CRI line at all. */
  startAt(nowMs: number): void {
    setTime(this.#line, Math.floor(nowMs / 1000), (nowMs % 1000) * 1_000_000);
  }
}

/** `end`: a whole line, or the last part of one. `foreign`: not CRI. */
type LineKind = 'part' | 'end' | 'foreign';

interface LineBounds {
  readonly start: number;
  readonly end: number;
  readonly next: number;
  /** Whether the chunk is valid UTF-8 throughout. */
  readonly valid: boolean;
}

/** Whether ` stdout F` or its like stands at `at`: the stream's name tells itself by its fourth letter. */
function isHeader(chunk: Buffer, at: number): boolean {
  const letter = chunk[at + 4];
  const tag = chunk[at + tagsAt - 1];
  if (letter !== letterO && letter !== letterE) return false;
  return chunk[at + 7] === space && (tag === fullTag || tag === partialTag);
}

/** Where the content begins; further tags may follow the first after a colon. */
function contentAfter(chunk: Buffer, afterTag: number, end: number): number {
  const tagsEnd = chunk[afterTag] === space ? afterTag : chunk.indexOf(space, afterTag);
  return tagsEnd < 0 || tagsEnd >= end ? end : tagsEnd + 1;
}

/** Replaces what is not UTF-8 by U+FFFD. */
function makeValid(line: Line): void {
  const content = line.bytes.subarray(line.start, line.end);
  if (isUtf8(content)) return;
  line.bytes = Buffer.from(content.toString('utf8'));
  line.start = 0;
  line.end = line.bytes.length;
}
