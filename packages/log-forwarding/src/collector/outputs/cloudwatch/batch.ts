// The body of one PutLogEvents as it grows: `{"logGroupName":…,"logEvents":[{"timestamp":…,"message":"…"},…]}`. Lines
// are written straight into it.
import { copyMark, type Lane, type Mark } from '../../tail/progress.ts';
import { levelText } from '../../records/level-text.ts';
import { type Escaped, escapeOnce, escapeTwice, growthMax } from '../../records/json-escape.ts';
import { type RecordTemplate, slots } from '../../records/record-template.ts';
import { timeLength } from '../../tail/line.ts';
import type { Entry } from '../output.ts';
import type { BufferPool } from './buffer-pool.ts';

/** What CloudWatch adds to each event when it counts a batch. */
export const eventOverheadBytes = 26;
export const requestBytesMax = 1_048_576;
export const eventBytesMax = requestBytesMax - eventOverheadBytes;
const eventsMax = 10_000;
const spanMsMax = 24 * 3_600_000 - 1;

const ending = Buffer.from(']}');
const beforeTime = Buffer.from('{"timestamp":');
const beforeMessage = Buffer.from(',"message":"');
const afterMessage = Buffer.from('"}');
/** Room for everything around a record: a comma, the timestamp, the quotes, the ending. */
const frameBytes = 64;
const sequenceBytes = 19;

export type AddResult = 'added' | 'full' | 'tooLarge';

/** A batch that will not grow any more. */
export interface SealedBatch {
  readonly body: Buffer;
  readonly events: number;
  /** As CloudWatch counts them. */
  readonly recordBytes: number;
  /** When its first event was read; milliseconds. */
  readonly openedMs: number;
}

export interface BatchLimits {
  readonly recordBytesMax: number;
}

export interface BatchStart extends BatchLimits {
  /** When it is opened; milliseconds. */
  readonly nowMs: number;
  /** How large it will probably become. */
  readonly expectedBytes: number;
}

const escaped: Escaped = { end: 0, outerBytes: 0 };

export class Batch {
  readonly openedMs: number;
  readonly marks = new Map<Lane, Mark>();
  events = 0;
  recordBytes = 0;
  /** Bytes of the record that was added last. */
  lastRecordBytes = 0;
  readonly #pool: BufferPool;
  readonly #limits: BatchLimits;
  readonly #headerBytes: number;
  #buffer: Buffer;
  #length: number;
  #earliestMs = 0;
  #latestMs = 0;
  #inOrder = true;
  readonly #starts: number[] = [];
  readonly #times: number[] = [];
  #lastLane: Lane | undefined;
  #lastMark: Mark | undefined;

  constructor(header: Buffer, pool: BufferPool, limits: BatchStart) {
    this.#pool = pool;
    this.#limits = limits;
    this.openedMs = limits.nowMs;
    this.#headerBytes = header.length;
    this.#buffer = pool.take(Math.max(header.length + 1024, limits.expectedBytes));
    this.#length = header.copy(this.#buffer);
  }

  /** Bytes of memory that it takes. */
  get sizeBytes(): number {
    return this.#buffer.length;
  }

  /** Adds the record of `entry`, of which `start` to `end` is the message. */
  addLine(template: RecordTemplate, entry: Entry, start: number, end: number): AddResult {
    const { line } = entry;
    const leastBytes = template.recordBytes + end - start;
    const refused = this.#refuse(leastBytes, line.timestampMs);
    if (refused) return refused;
    this.#reserve(template.writtenBytes + growthMax * (end - start) + 6 * entry.level.length + 128);
    const at = this.#writeFrame(line.timestampMs);
    const bytes = this.#writeRecord(template, entry, { at, start, end });
    return this.#commit(bytes, line.timestampMs);
  }

  /** Adds a record that was made as JSON. */
  addJson(json: string, timestampMs: number): AddResult {
    const bytes = Buffer.byteLength(json);
    const refused = this.#refuse(bytes, timestampMs);
    if (refused) return refused;
    const text = escapeOnce(json);
    this.#reserve(Buffer.byteLength(text));
    const at = this.#writeFrame(timestampMs);
    this.#end = at + this.#buffer.write(text, at);
    return this.#commit(bytes, timestampMs);
  }

  /** Notes that the batch holds the lane's lines up to `entry`; not the last of them when a piece is to follow. */
  mark(lane: Lane, entry: Entry, isWhole: boolean): void {
    const { line } = entry;
    const sequence = isWhole ? entry.sequence : entry.previous;
    if (this.#lastLane !== lane || !this.#lastMark) {
      this.#lastLane = lane;
      this.#lastMark = this.marks.get(lane) ?? this.#enter(lane, entry);
    }
    const mark = this.#lastMark;
    // A line that was held back may end before lines that are in the batch already.
    mark.done = Math.max(mark.done, isWhole ? line.endPosition : line.endPosition - 1);
    mark.resume = line.resumePosition;
    mark.sequence.seconds = sequence.seconds;
    mark.sequence.nanos = sequence.nanos;
  }

  /** Ends the batch. Its events are in the order of their time afterwards, as PutLogEvents wants them. */
  seal(): SealedBatch {
    if (!this.#inOrder) this.#sort();
    this.#reserve(ending.length);
    this.#length += ending.copy(this.#buffer, this.#length);
    const { events, recordBytes, openedMs } = this;
    return { body: this.#buffer.subarray(0, this.#length), events, recordBytes, openedMs };
  }

  /** Gives the memory back; the sealed body must not be used any more. */
  release(): void {
    this.#pool.give(this.#buffer);
  }

  /** Where the record that is being written ends. */
  #end = 0;

  #enter(lane: Lane, { line, previous }: Entry): Mark {
    const before = { done: line.endPosition - 1, resume: line.resumePosition, sequence: previous };
    lane.enter(before);
    const mark = copyMark(before);
    this.marks.set(lane, mark);
    return mark;
  }

  #refuse(recordBytes: number, timestampMs: number): AddResult | undefined {
    if (recordBytes > eventBytesMax) return 'tooLarge';
    if (this.events === 0) return undefined;
    if (this.events >= eventsMax) return 'full';
    if (this.recordBytes + recordBytes + eventOverheadBytes > this.#limits.recordBytesMax) return 'full';
    const spanMs = Math.max(this.#latestMs, timestampMs) - Math.min(this.#earliestMs, timestampMs);
    return spanMs > spanMsMax ? 'full' : undefined;
  }

  /** What was written becomes part of the batch, if it fits now that its size is known. */
  #commit(recordBytes: number, timestampMs: number): AddResult {
    const refused = this.#refuse(recordBytes, timestampMs);
    if (refused) return refused;
    if (this.events === 0) {
      this.#earliestMs = timestampMs;
      this.#latestMs = timestampMs;
    }
    if (timestampMs < this.#latestMs) this.#inOrder = false;
    if (timestampMs > this.#latestMs) this.#latestMs = timestampMs;
    if (timestampMs < this.#earliestMs) this.#earliestMs = timestampMs;
    this.#starts.push(this.events === 0 ? this.#length : this.#length + 1);
    this.#times.push(timestampMs);
    this.#length = put(this.#buffer, afterMessage, this.#end);
    this.events += 1;
    this.recordBytes += recordBytes + eventOverheadBytes;
    this.lastRecordBytes = recordBytes;
    return 'added';
  }

  /** Everything before the message; where the message begins. */
  #writeFrame(timestampMs: number): number {
    const buffer = this.#buffer;
    let at = this.#length;
    if (this.events > 0) buffer[at++] = 0x2c;
    at = put(buffer, beforeTime, at);
    if (timestampMs >= 1e12 && timestampMs < 1e13) {
      writeDigits(buffer, at, { value: timestampMs, digits: 13 });
      at += 13;
    } else at += buffer.write(String(timestampMs), at, 'latin1');
    return put(buffer, beforeMessage, at);
  }

  /** Bytes of the record as CloudWatch counts them. */
  #writeRecord(
    template: RecordTemplate,
    entry: Entry,
    place: { at: number; readonly start: number; readonly end: number },
  ): number {
    const { parts } = template;
    const buffer = this.#buffer;
    const source = { bytes: entry.line.bytes, start: place.start, end: place.end };
    let at = place.at;
    let bytes = template.recordBytes;
    for (let index = 0; index < template.slots.length; index++) {
      at = put(buffer, parts[index] as Buffer, at);
      const slot = template.slots[index];
      if (slot === slots.message) {
        escapeTwice(source, buffer, at, escaped);
        bytes += escaped.end - at - escaped.outerBytes;
        at = escaped.end;
      } else if (slot === slots.time) {
        at = put(buffer, entry.line.time, at);
        bytes += timeLength;
      } else if (slot === slots.sequence) {
        at = writeSequence(buffer, at, entry);
        bytes += sequenceBytes;
      } else {
        const level = levelText(entry.level);
        at = put(buffer, level.bytes, at);
        bytes += level.recordBytes;
      }
    }
    this.#end = put(buffer, parts[template.slots.length] as Buffer, at);
    return bytes;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes + frameBytes;
    if (needed <= this.#buffer.length) return;
    const larger = this.#pool.take(needed);
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#pool.give(this.#buffer);
    this.#buffer = larger;
  }

  /** Stable, so lines of the same millisecond stay as they were written. */
  #sort(): void {
    const order = this.#starts.map((_, index) => index);
    const times = this.#times;
    order.sort((left, right) => (times[left] as number) - (times[right] as number) || left - right);
    const sorted = this.#pool.take(this.#length + frameBytes);
    let at = this.#buffer.copy(sorted, 0, 0, this.#headerBytes);
    for (const [place, index] of order.entries()) {
      if (place > 0) sorted[at++] = 0x2c;
      const end = index + 1 < this.events ? (this.#starts[index + 1] as number) - 1 : this.#length;
      at += this.#buffer.copy(sorted, at, this.#starts[index], end);
    }
    this.#pool.give(this.#buffer);
    this.#buffer = sorted;
  }
}

/** Copies `part` to `at`; where it ends. A call into the runtime costs more than a few dozen bytes. */
function put(target: Buffer, part: Buffer, at: number): number {
  const { length } = part;
  if (length > 64) target.set(part, at);
  else for (let index = 0; index < length; index++) target[at + index] = part[index] as number;
  return at + length;
}

/** Nineteen digits: seconds, then nanoseconds. */
function writeSequence(buffer: Buffer, at: number, { sequence }: Entry): number {
  writeDigits(buffer, at, { value: sequence.seconds, digits: 10 });
  writeDigits(buffer, at + 10, { value: sequence.nanos, digits: 9 });
  return at + sequenceBytes;
}

function writeDigits(
  buffer: Buffer,
  at: number,
  number: { readonly value: number; readonly digits: number },
): void {
  let rest = number.value;
  for (let place = at + number.digits - 1; place >= at; place--) {
    const tenth = Math.floor(rest / 10);
    buffer[place] = 0x30 + rest - tenth * 10;
    rest = tenth;
  }
}
