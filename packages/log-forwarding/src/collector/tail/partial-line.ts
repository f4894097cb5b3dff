// The parts of a line that the runtime cut at 16 KiB, until the last one comes. One for each stream of a container.
import { type Line, timeLength } from './line.ts';

/** What all containers together may hold in unfinished lines before pieces are let go early. */
export interface JoinBudget {
  usedBytes: number;
  readonly maxBytes: number;
  /** Memory that the last whole line has left, for the next one that comes in parts. */
  spare?: Buffer | undefined;
}

const nothing = Buffer.alloc(0);
const spareBytesMax = 64 * 1024;

export class PartialLine {
  readonly #budget: JoinBudget;
  #bytes: Buffer = nothing;
  #length = 0;
  #open = false;
  readonly #time = Buffer.alloc(timeLength);
  #seconds = 0;
  #nanos = 0;
  #rawBytes = 0;
  /** Position of the first part. */
  startPosition = 0;
  /** Milliseconds on the tail's clock when the last part came. */
  touchedMs = 0;

  constructor(budget: JoinBudget) {
    this.#budget = budget;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds the content of `line`, which is a part of this one. */
  add(line: Line, startPosition: number): void {
    if (!this.#open) this.#begin(line, startPosition);
    const size = line.end - line.start;
    if (this.#length + size > this.#bytes.length) this.#grow(this.#length + size);
    line.bytes.copy(this.#bytes, this.#length, line.start, line.end);
    this.#length += size;
    this.#rawBytes += line.rawBytes;
  }

  /** Makes `line` the whole line. Its bytes stay as they are until the next `add` to any line. */
  take(line: Line): void {
    line.bytes = this.#bytes;
    line.start = 0;
    line.end = this.#length;
    this.#time.copy(line.time);
    line.seconds = this.#seconds;
    line.nanos = this.#nanos;
    line.timestampMs = this.#seconds * 1000 + Math.trunc(this.#nanos / 1_000_000);
    line.rawBytes = this.#rawBytes;
    this.#budget.usedBytes -= this.#bytes.length;
    if (this.#bytes.length <= spareBytesMax) this.#budget.spare = this.#bytes;
    this.#bytes = nothing;
    this.#length = 0;
    this.#open = false;
  }

  #begin(line: Line, startPosition: number): void {
    this.#open = true;
    this.startPosition = startPosition;
    line.time.copy(this.#time);
    this.#seconds = line.seconds;
    this.#nanos = line.nanos;
    this.#rawBytes = 0;
  }

  #grow(needed: number): void {
    const size = Math.max(needed, this.#bytes.length * 2, 32 * 1024);
    const larger = this.#spare(size) ?? Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#budget.usedBytes += larger.length - this.#bytes.length;
    this.#bytes = larger;
  }

  #spare(sizeBytes: number): Buffer | undefined {
    const { spare } = this.#budget;
    if (!spare || spare.length < sizeBytes) return undefined;
    this.#budget.spare = undefined;
    return spare;
  }
}
