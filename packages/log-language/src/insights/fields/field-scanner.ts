// Takes wanted fields out of a JSON message without parsing it: one pass over the bytes that checks the whole
// message as a JSON parser would, since a message that is not JSON has no fields, and makes strings of what is
// wanted only. `flatten.ts` says the same in plain words.
//
// The functions that walk do not ask whether they are past the message's end: the functions that read tokens do, so
// that the walk ends there at the latest, and what it has found counts only when it ends exactly at the end.
import type { Value } from '../values/value.ts';
import { ByteStrings } from './byte-strings.ts';
import type { Candidate, FieldPlan, Level } from './field-plan.ts';
import { depthMax, fieldsMax } from './flatten.ts';
import { afterBlanks, afterEscape, afterLiteral, afterNumber } from './json-bytes.ts';
import { type StringStops, stringStops } from './string-stops.ts';

const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const letterT = 0x74;
const letterF = 0x66;
const letterN = 0x6e;
/** So many digits fit into a double. */
const digitsMax = 15;

/** Stands for the index of the next item where an object is open. */
const inObject = -1;

export class FieldScanner {
  readonly #slots: readonly number[];
  readonly #root: Candidate;
  readonly #stops: StringStops = stringStops();
  readonly #strings = new ByteStrings();
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #values: Value[] = [];
  #leaves = 0;
  /** The objects and arrays that are open, and of each what is wanted in it and the index of its next item. */
  #depth = 0;
  readonly #levels: (Level | undefined)[] = Array.from({ length: depthMax + 1 });
  readonly #indices = new Int32Array(depthMax + 1);

  constructor(plan: FieldPlan) {
    this.#slots = plan.slots;
    this.#root = { slot: -1, level: plan.root() };
  }

  /** Says that the bytes that come next are not those that were read before. */
  begin(): void {
    this.#stops.reset();
  }

  /** Puts the wanted fields of the message `bytes[start, end)` into their slots; absent ones become undefined. */
  read(bytes: Buffer, start: number, end: number, values: Value[]): void {
    this.#clear(values);
    const position = afterBlanks(bytes, start, end);
    if (position >= end || bytes[position] !== openObject) return;
    this.#stops.cover(bytes, start, end);
    this.#bytes = bytes;
    this.#end = end;
    this.#values = values;
    this.#leaves = 0;
    this.#depth = 0;
    const after = this.#walk(position);
    if (after < 0 || afterBlanks(bytes, after, end) !== end) this.#clear(values);
  }

  #clear(values: Value[]): void {
    const slots = this.#slots;
    for (let index = 0; index < slots.length; index += 1) values[slots[index] ?? 0] = undefined;
  }

  /** Behind the object that opens at `position`; -1 when it is none. */
  #walk(position: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#value(position, this.#root);
    while (at >= 0 && this.#depth > 0) {
      const level = this.#levels[this.#depth];
      let candidate: Candidate | undefined;
      if (this.#indices[this.#depth] === inObject) {
        const stop = this.#stops.next(bytes, at + 1, end);
        if (bytes[at] !== quote || stop >= end) return -1;
        const plain = bytes[stop] === quote;
        const close = plain ? stop + 1 : this.#afterString(at);
        if (level) candidate = plain ? level.key(bytes, at + 1, stop) : this.#escaped(level, at, close);
        at = bytes[close] === colon ? close + 1 : this.#afterColon(close);
      } else candidate = this.#item(level);
      at = this.#value(at, candidate);
    }
    return at;
  }

  /** The candidate for the key with escapes whose quotes stand at `open` and before `close`. */
  #escaped(level: Level, open: number, close: number): Candidate | undefined {
    if (close < 0) return undefined;
    const key = Buffer.from(JSON.parse(this.#bytes.toString('utf8', open, close)) as string);
    return level.key(key, 0, key.length);
  }

  /** The candidate for the next item of the array that is open. */
  #item(level: Level | undefined): Candidate | undefined {
    const index = this.#indices[this.#depth] ?? 0;
    this.#indices[this.#depth] = index + 1;
    return level?.item(index);
  }

  /** Behind the colon that follows after blanks at `position`. */
  #afterColon(position: number): number {
    const at = position < 0 ? -1 : afterBlanks(this.#bytes, position, this.#end);
    return at >= 0 && this.#bytes[at] === colon ? at + 1 : -1;
  }

  /** Where the next key or item begins: in the value at `position` when it has any, else behind it. */
  #value(position: number, candidate: Candidate | undefined): number {
    if (position < 0) return -1;
    switch (this.#bytes[position]) {
      case quote:
        return this.#string(position, candidate);
      case openObject:
        return this.#open(position, candidate, closeObject);
      case openArray:
        return this.#open(position, candidate, closeArray);
      default:
        return this.#bare(position, candidate);
    }
  }

  #open(position: number, candidate: Candidate | undefined, closing: number): number {
    const depth = this.#depth + 1;
    if (depth > depthMax) return -1;
    const at = afterBlanks(this.#bytes, position + 1, this.#end);
    if (this.#bytes[at] === closing) return this.#afterValue(at + 1);
    this.#depth = depth;
    this.#levels[depth] = candidate?.level;
    this.#indices[depth] = closing === closeObject ? inObject : 0;
    return at;
  }

  /** Where the next key or item begins behind the value that ended at `position`; the end, when the last bracket closes. */
  #afterValue(position: number): number {
    const bytes = this.#bytes;
    if (bytes[position] === comma && bytes[position + 1] === quote) return position + 1;
    return this.#afterLast(position);
  }

  /** The same where a bracket closes, or blanks follow. */
  #afterLast(position: number): number {
    if (this.#depth === 0) return position;
    const bytes = this.#bytes;
    let at = afterBlanks(bytes, position, this.#end);
    while (bytes[at] !== comma) {
      if (bytes[at] !== (this.#indices[this.#depth] === inObject ? closeObject : closeArray)) return -1;
      this.#depth -= 1;
      if (this.#depth === 0) return at + 1;
      at = afterBlanks(bytes, at + 1, this.#end);
    }
    return afterBlanks(bytes, at + 1, this.#end);
  }

  #string(position: number, candidate: Candidate | undefined): number {
    const bytes = this.#bytes;
    const end = this.#end;
    this.#leaves += 1;
    const stop = this.#stops.next(bytes, position + 1, end);
    if (stop >= end) return -1;
    if (bytes[stop] !== quote) return this.#escapedString(position, candidate);
    if (candidate !== undefined && this.#isWanted(candidate)) {
      this.#values[candidate.slot] = this.#strings.text(bytes, position + 1, stop);
    }
    return this.#afterValue(stop + 1);
  }

  #escapedString(position: number, candidate: Candidate | undefined): number {
    const after = this.#afterString(position);
    if (after < 0) return -1;
    if (candidate !== undefined && this.#isWanted(candidate)) {
      this.#values[candidate.slot] = JSON.parse(this.#bytes.toString('utf8', position, after)) as string;
    }
    return this.#afterValue(after);
  }

  /** A number, true, false or null, or any value behind blanks. */
  #bare(position: number, candidate: Candidate | undefined): number {
    const bytes = this.#bytes;
    const first = bytes[position] ?? 0;
    if (first <= space) {
      const start = afterBlanks(bytes, position, this.#end);
      return start === position ? -1 : this.#value(start, candidate);
    }
    this.#leaves += 1;
    const after = afterBare(bytes, position, this.#end);
    if (after < 0) return -1;
    if (candidate !== undefined && this.#isWanted(candidate)) {
      if (first === letterT) this.#values[candidate.slot] = '1';
      else if (first === letterF) this.#values[candidate.slot] = '0';
      else if (first === letterN) this.#values[candidate.slot] = undefined;
      else this.#values[candidate.slot] = this.#number(position, after);
    }
    return this.#afterValue(after);
  }

  /** Whether the leaf that was counted last is wanted. */
  #isWanted({ slot }: Candidate): boolean {
    return slot >= 0 && this.#leaves <= fieldsMax;
  }

  /** Whole numbers that a double holds, which are shown as they were written; others stay text, as they are spelled. */
  #number(start: number, end: number): Value {
    const bytes = this.#bytes;
    let number = 0;
    for (let index = start; index < end; index += 1) {
      const digit = (bytes[index] ?? 0) - 0x30;
      if (digit < 0 || digit > 9 || end - start > digitsMax) return this.#strings.text(bytes, start, end);
      number = number * 10 + digit;
    }
    return number;
  }

  /** Behind the string whose quote opens at `open`, also when it has escapes. */
  #afterString(open: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let stop = this.#stops.next(bytes, open + 1, end);
    while (stop < end && bytes[stop] !== quote) {
      const after = afterEscape(bytes, stop, end);
      if (after < 0) return -1;
      stop = this.#stops.next(bytes, after, end);
    }
    return stop < end ? stop + 1 : -1;
  }
}

function afterBare(bytes: Buffer, position: number, end: number): number {
  if (position >= end) return -1;
  const after = afterNumber(bytes, position, end);
  return after < 0 ? afterLiteral(bytes, position, end) : after;
}
