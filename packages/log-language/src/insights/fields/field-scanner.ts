// Takes wanted fields out of a JSON message without parsing it: one pass over the bytes that checks the whole
// message as a JSON parser would, since a message that is not JSON has no fields, and makes strings of what is
// wanted only. `flatten.ts` says the same in plain words.
import type { Value } from '../values/value.ts';
import { ByteStrings } from './byte-strings.ts';
import type { Candidate, FieldPlan, Level } from './field-plan.ts';
import { depthMax, fieldsMax } from './flatten.ts';
import { afterBlanks, afterLiteral, afterNumber, afterString } from './json-bytes.ts';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;

export class FieldScanner {
  readonly #plan: FieldPlan;
  readonly #strings = new ByteStrings();
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #values: Value[] = [];
  #leaves = 0;
  #depth = 0;

  constructor(plan: FieldPlan) {
    this.#plan = plan;
  }

  /** Puts the wanted fields of the message `bytes[start, end)` into their slots; absent ones become undefined. */
  read(bytes: Buffer, start: number, end: number, values: Value[]): void {
    this.#clear(values);
    this.#bytes = bytes;
    this.#end = end;
    this.#values = values;
    this.#leaves = 0;
    this.#depth = 0;
    const position = afterBlanks(bytes, start, end);
    if (position >= end || bytes[position] !== openObject) return;
    const after = this.#object(position, this.#plan.root);
    if (after < 0 || afterBlanks(bytes, after, end) !== end) this.#clear(values);
  }

  #clear(values: Value[]): void {
    for (const slot of this.#plan.slots) values[slot] = undefined;
  }

  /** Behind the object that opens at `position`; -1 when it is none. */
  #object(position: number, level: Level | undefined): number {
    this.#depth += 1;
    if (this.#depth > depthMax) return -1;
    const bytes = this.#bytes;
    const end = this.#end;
    let at = afterBlanks(bytes, position + 1, end);
    if (bytes[at] === closeObject && at < end) {
      this.#depth -= 1;
      return at + 1;
    }
    for (;;) {
      if (at >= end || bytes[at] !== quote) return -1;
      const close = afterString(bytes, at, end);
      if (close < 0) return -1;
      const candidate = level === undefined ? undefined : this.#candidate(level, at + 1, close - 1);
      at = afterBlanks(bytes, close, end);
      if (at >= end || bytes[at] !== colon) return -1;
      at = this.#value(afterBlanks(bytes, at + 1, end), candidate);
      if (at < 0) return -1;
      at = afterBlanks(bytes, at, end);
      if (at >= end) return -1;
      if (bytes[at] === closeObject) {
        this.#depth -= 1;
        return at + 1;
      }
      if (bytes[at] !== comma) return -1;
      at = afterBlanks(bytes, at + 1, end);
    }
  }

  #array(position: number, level: Level | undefined): number {
    this.#depth += 1;
    if (this.#depth > depthMax) return -1;
    const bytes = this.#bytes;
    const end = this.#end;
    let at = afterBlanks(bytes, position + 1, end);
    if (bytes[at] === closeArray && at < end) {
      this.#depth -= 1;
      return at + 1;
    }
    for (let index = 0; ; index += 1) {
      const candidate = level?.candidates.find((item) => item.index === index);
      at = this.#value(at, candidate);
      if (at < 0) return -1;
      at = afterBlanks(bytes, at, end);
      if (at >= end) return -1;
      if (bytes[at] === closeArray) {
        this.#depth -= 1;
        return at + 1;
      }
      if (bytes[at] !== comma) return -1;
      at = afterBlanks(bytes, at + 1, end);
    }
  }

  #value(position: number, candidate: Candidate | undefined): number {
    if (position >= this.#end) return -1;
    const first = this.#bytes[position];
    if (first === openObject) return this.#object(position, candidate?.level);
    if (first === openArray) return this.#array(position, candidate?.level);
    this.#leaves += 1;
    const wanted = candidate !== undefined && candidate.slot >= 0 && this.#leaves <= fieldsMax;
    if (first === quote) {
      const after = afterString(this.#bytes, position, this.#end);
      if (wanted && after > 0) this.#values[candidate.slot] = this.#text(position, after);
      return after;
    }
    const number = afterNumber(this.#bytes, position, this.#end);
    if (number > 0) {
      if (wanted) this.#values[candidate.slot] = this.#strings.text(this.#bytes, position, number);
      return number;
    }
    const after = afterLiteral(this.#bytes, position, this.#end);
    if (wanted && after > 0) this.#values[candidate.slot] = literals[String.fromCharCode(first ?? 0)];
    return after;
  }

  /** The string whose quotes stand at `open` and before `after`. */
  #text(open: number, after: number): string | undefined {
    if (!this.#escaped(open, after)) return this.#strings.text(this.#bytes, open + 1, after - 1);
    return JSON.parse(this.#bytes.toString('utf8', open, after)) as string;
  }

  #escaped(start: number, end: number): boolean {
    const bytes = this.#bytes;
    for (let index = start; index < end; index += 1) if (bytes[index] === backslash) return true;
    return false;
  }

  #candidate(level: Level, start: number, end: number): Candidate | undefined {
    const bytes = this.#bytes;
    const { candidates } = level;
    const length = end - start;
    for (const candidate of candidates) {
      if (candidate.key.length === length && sameBytes(candidate.key, bytes, start)) return candidate;
    }
    if (candidates.length === 0 || !this.#escaped(start, end)) return undefined;
    const key = Buffer.from(JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string);
    return candidates.find((candidate) => candidate.key.equals(key));
  }
}

const literals: Readonly<Record<string, string | undefined>> = { t: '1', f: '0' };

function sameBytes(key: Buffer, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < key.length; index += 1) if (key[index] !== bytes[start + index]) return false;
  return true;
}
