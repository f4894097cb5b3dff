// The filter `detectMultilineException` on one stream of a container: puts the lines of an exception together, with
// newlines between them. What is begun is let go when a line does not belong to it, when it is too long or too old.
import { emptyLine, type Line } from '../tail/line.ts';
import { type ExceptionState, nextExceptionState } from './exception-rules.ts';

const joinedBytesMax = 256 * 1024;
const joinedLinesMax = 1000;
const idleMsMax = 1_000;
/** Lines longer than that are no part of an exception. */
const lineBytesMax = 16 * 1024;

export interface JoinerEvents {
  /** A line that belongs to nothing else, or the joined one. */
  readonly emit: (line: Line) => void;
  /** The first line of what may become an exception was kept. */
  readonly held: (line: Line) => void;
  /** What was kept has been emitted. */
  readonly released: () => void;
}

export class ExceptionJoiner {
  readonly #events: JoinerEvents;
  readonly #joined: Line = emptyLine();
  #parts: Buffer[] = [];
  #bytes = 0;
  #state: ExceptionState = 'idle';
  #touchedMs = 0;

  constructor(events: JoinerEvents) {
    this.#events = events;
  }

  push(line: Line, nowMs: number): void {
    const length = line.end - line.start;
    const text = length > lineBytesMax ? '' : line.bytes.toString('utf8', line.start, line.end);
    const next = length > lineBytesMax ? 'idle' : nextExceptionState(this.#state, text);
    if (next !== 'idle' && this.#state !== 'idle') {
      this.#keep(line, next, nowMs);
      if (this.#bytes > joinedBytesMax || this.#parts.length >= joinedLinesMax) this.#release();
      return;
    }
    const ended = this.#state !== 'idle';
    if (ended) this.#release();
    const begun = ended && length <= lineBytesMax ? nextExceptionState('idle', text) : next;
    if (begun === 'idle') this.#events.emit(line);
    else {
      this.#keep(line, begun, nowMs);
      this.#events.held(line);
    }
  }

  /** Lets go what nothing was added to for a while; everything when `nowMs` is infinite. */
  flush(nowMs: number): void {
    if (this.#parts.length > 0 && nowMs - this.#touchedMs >= idleMsMax) this.#release();
  }

  #keep(line: Line, state: ExceptionState, nowMs: number): void {
    const joined = this.#joined;
    if (this.#parts.length === 0) {
      line.time.copy(joined.time);
      joined.timestampMs = line.timestampMs;
      joined.seconds = line.seconds;
      joined.nanos = line.nanos;
      joined.stream = line.stream;
      joined.resumePosition = line.resumePosition;
      joined.rawBytes = 0;
    }
    joined.endPosition = line.endPosition;
    joined.rawBytes += line.rawBytes;
    this.#parts.push(Buffer.from(line.bytes.subarray(line.start, line.end)));
    this.#bytes += line.end - line.start + 1;
    this.#state = state;
    this.#touchedMs = nowMs;
  }

  #release(): void {
    const newline = Buffer.from('\n');
    const joined = this.#joined;
    joined.bytes = Buffer.concat(
      this.#parts.flatMap((part, index) => (index === 0 ? [part] : [newline, part])),
    );
    joined.start = 0;
    joined.end = joined.bytes.length;
    this.#parts = [];
    this.#bytes = 0;
    this.#state = 'idle';
    this.#events.emit(joined);
    this.#events.released();
  }
}
