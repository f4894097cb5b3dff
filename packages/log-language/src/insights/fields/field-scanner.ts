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
import { afterBlanks, afterLiteral, afterNumber, afterString, stopOfString } from './json-bytes.ts';

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

export class FieldScanner {
  readonly #slots: readonly number[];
  readonly #root: Level;
  readonly #strings = new ByteStrings();
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #values: Value[] = [];
  #leaves = 0;
  #depth = 0;

  constructor(plan: FieldPlan) {
    this.#slots = plan.slots;
    this.#root = plan.root();
  }

  /** Puts the wanted fields of the message `bytes[start, end)` into their slots; absent ones become undefined. */
  read(bytes: Buffer, start: number, end: number, values: Value[]): void {
    this.#clear(values);
    const position = afterBlanks(bytes, start, end);
    if (position >= end || bytes[position] !== openObject) return;
    this.#bytes = bytes;
    this.#end = end;
    this.#values = values;
    this.#leaves = 0;
    this.#depth = 0;
    const after = this.#object(position, this.#root);
    if (after < 0 || afterBlanks(bytes, after, end) !== end) this.#clear(values);
  }

  #clear(values: Value[]): void {
    const slots = this.#slots;
    for (let index = 0; index < slots.length; index += 1) values[slots[index] ?? 0] = undefined;
  }

  #skip(position: number): number {
    return afterBlanks(this.#bytes, position, this.#end);
  }

  /** Behind the object that opens at `position`; -1 when it is none. */
  #object(position: number, level: Level | undefined): number {
    this.#depth += 1;
    if (this.#depth > depthMax) return -1;
    let at = this.#skip(position + 1);
    if (this.#bytes[at] !== closeObject) {
      at = this.#member(at, level);
      while (at >= 0 && this.#bytes[at] === comma) at = this.#member(this.#skip(at + 1), level);
      if (at < 0 || this.#bytes[at] !== closeObject) return -1;
    }
    this.#depth -= 1;
    return at + 1;
  }

  /** Behind a key, its value, and blanks. */
  #member(position: number, level: Level | undefined): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (bytes[position] !== quote) return -1;
    const stop = stopOfString(bytes, position + 1, end);
    const plain = stop < end && bytes[stop] === quote;
    const close = plain ? stop + 1 : afterString(bytes, position, end);
    if (close < 0) return -1;
    const candidate = level && this.#candidate(level, position, close, plain);
    const separator = this.#skip(close);
    if (this.#bytes[separator] !== colon) return -1;
    const after = this.#value(this.#skip(separator + 1), candidate);
    return after < 0 ? -1 : this.#skip(after);
  }

  #array(position: number, level: Level | undefined): number {
    this.#depth += 1;
    if (this.#depth > depthMax) return -1;
    let at = this.#skip(position + 1);
    if (this.#bytes[at] !== closeArray) {
      at = this.#item(at, 0, level);
      for (let index = 1; at >= 0 && this.#bytes[at] === comma; index += 1) {
        at = this.#item(this.#skip(at + 1), index, level);
      }
      if (at < 0 || this.#bytes[at] !== closeArray) return -1;
    }
    this.#depth -= 1;
    return at + 1;
  }

  #item(position: number, index: number, level: Level | undefined): number {
    const candidate = level?.item(index);
    const after = this.#value(position, candidate);
    return after < 0 ? -1 : this.#skip(after);
  }

  #value(position: number, candidate: Candidate | undefined): number {
    switch (this.#bytes[position]) {
      case openObject:
        return this.#object(position, candidate?.level);
      case openArray:
        return this.#array(position, candidate?.level);
      default:
        return this.#leaf(position, candidate);
    }
  }

  #leaf(position: number, candidate: Candidate | undefined): number {
    const bytes = this.#bytes;
    const first = bytes[position];
    this.#leaves += 1;
    const after = afterLeaf(bytes, position, this.#end);
    if (candidate === undefined || candidate.slot < 0 || this.#leaves > fieldsMax || after < 0) return after;
    if (first === quote) this.#values[candidate.slot] = this.#text(position, after);
    else if (first === letterT) this.#values[candidate.slot] = '1';
    else if (first === letterF) this.#values[candidate.slot] = '0';
    else if (first === letterN) this.#values[candidate.slot] = undefined;
    else this.#values[candidate.slot] = this.#number(position, after);
    return after;
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

  /** The string whose quotes stand at `open` and before `after`. */
  #text(open: number, after: number): string {
    if (stopOfString(this.#bytes, open + 1, after) === after - 1) {
      return this.#strings.text(this.#bytes, open + 1, after - 1);
    }
    return JSON.parse(this.#bytes.toString('utf8', open, after)) as string;
  }

  /** The candidate for the key whose quotes stand at `open` and before `close`. */
  #candidate(level: Level, open: number, close: number, plain: boolean): Candidate | undefined {
    if (plain) return level.key(this.#bytes, open + 1, close - 1);
    const key = Buffer.from(JSON.parse(this.#bytes.toString('utf8', open, close)) as string);
    return level.key(key, 0, key.length);
  }
}

function afterLeaf(bytes: Buffer, position: number, end: number): number {
  if (position >= end) return -1;
  if (bytes[position] === quote) return afterString(bytes, position, end);
  const after = afterNumber(bytes, position, end);
  return after < 0 ? afterLiteral(bytes, position, end) : after;
}
