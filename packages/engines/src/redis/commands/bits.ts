// Strings as rows of bits. The first bit of a byte is its highest.
import { command, type Command, oneKey } from '../command.ts';
import { integerOf } from '../data/numbers.ts';
import { faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { assertFits } from './value-size.ts';

const read = { topic: 'bitmap', flags: 'readonly', keys: oneKey } as const;
const MAX_BIT = 2 ** 32;

function bitOffset(text: string | undefined): number {
  if (text === undefined || !/^\d{1,10}$/.test(text) || Number(text) >= MAX_BIT) {
    throw faults.error('bit offset is not an integer or out of range');
  }
  return Number(text);
}

function bitAt(value: string, bit: number): 0 | 1 {
  const byte = value.charCodeAt(Math.floor(bit / 8));
  return Number.isNaN(byte) ? 0 : (((byte >> (7 - (bit % 8))) & 1) as 0 | 1);
}

function setBit(session: Session, [key = '', offset, to]: string[]): Reply {
  const bit = bitOffset(offset);
  const { space } = session;
  if (to !== '0' && to !== '1') throw faults.error('bit is not an integer or out of range');
  const value = space.string(key) ?? '';
  const place = Math.floor(bit / 8);
  assertFits(session, Math.max(place + 1, value.length));
  const before = bitAt(value, bit);
  const mask = 1 << (7 - (bit % 8));
  const byte = value.charCodeAt(place) || 0;
  const next = String.fromCharCode(to === '1' ? byte | mask : byte & ~mask);
  space.replace(key, value.slice(0, place).padEnd(place, '\0') + next + value.slice(place + 1));
  return before;
}

/** First and last bit (included) of `start end [BYTE|BIT]`. */
function bitRange(value: string, [from, to, unit = 'byte']: readonly string[]): [number, number] {
  const word = unit.toLowerCase();
  if (word !== 'byte' && word !== 'bit') throw faults.syntax();
  const length = word === 'byte' ? value.length : value.length * 8;
  let [start, end] = [integerOf(from), to === undefined ? length - 1 : integerOf(to)];
  if (start < 0) start = Math.max(0, length + start);
  if (end < 0) end = length + end;
  end = Math.min(end, length - 1);
  return word === 'byte' ? [start * 8, end * 8 + 7] : [start, end];
}

function countBits({ space }: Session, [key = '', ...range]: string[]): Reply {
  if (range.length === 1) throw faults.syntax();
  const value = space.string(key) ?? '';
  const [from, to] = range.length === 0 ? [0, value.length * 8 - 1] : bitRange(value, range);
  let count = 0;
  for (let bit = from; bit <= to; ) {
    const byte = value.charCodeAt(bit >>> 3);
    if (bit % 8 === 0 && bit + 7 <= to) {
      count += onesIn[byte] ?? 0;
      bit += 8;
    } else count += bitAt(value, bit++);
  }
  return count;
}

const onesIn = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

function firstBit(value: string, wanted: number, [from, to]: readonly [number, number]): number | undefined {
  const without = wanted === 1 ? 0 : 0xff;
  for (let at = from; at <= to; ) {
    // Whole bytes that have none are passed over.
    if (at % 8 === 0 && value.charCodeAt(at >>> 3) === without) at += 8;
    else if (bitAt(value, at) === wanted) return at;
    else at++;
  }
  return undefined;
}

function findBit({ space }: Session, [key = '', bit, ...range]: string[]): Reply {
  if (bit !== '0' && bit !== '1') throw faults.error('The bit argument must be 1 or 0.');
  const wanted = Number(bit);
  const value = space.string(key);
  if (value === undefined) return wanted === 0 ? 0 : -1;
  const [from, to] = range.length === 0 ? [0, value.length * 8 - 1] : bitRange(value, range);
  const found = firstBit(value, wanted, [from, to]);
  // Without an end, a string of ones only is followed by zeros.
  return found ?? (wanted === 0 && range.length < 2 ? value.length * 8 : -1);
}

const combinations: Readonly<Record<string, (a: number, b: number) => number>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

function combined(values: readonly Buffer[], combine: (a: number, b: number) => number): Buffer {
  const length = Math.max(...values.map((value) => value.length));
  const result = Buffer.alloc(length);
  values[0]?.copy(result);
  for (const value of values.slice(1)) {
    for (let at = 0; at < length; at++) result[at] = combine(result[at] ?? 0, value[at] ?? 0);
  }
  return result;
}

function combineBits({ space }: Session, [how = '', to = '', ...keys]: string[]): Reply {
  const word = how.toLowerCase();
  const combine = combinations[word];
  if (!combine && word !== 'not') throw faults.syntax();
  if (word === 'not' && keys.length !== 1)
    throw faults.error('BITOP NOT must be called with a single source key.');
  const values = keys.map((key) => Buffer.from(space.string(key) ?? '', 'latin1'));
  const result = combine ? combined(values, combine) : Buffer.from((values[0] ?? []).map((byte) => ~byte));
  if (result.length === 0) space.remove(to);
  else space.set(to, result.toString('latin1'));
  return result.length;
}

export const bitCommands: readonly Command[] = [
  command('getbit', 3, { ...read, flags: 'readonly fast' }, ({ space }, [key = '', offset]) => {
    const bit = bitOffset(offset);
    return bitAt(space.string(key) ?? '', bit);
  }),
  command('setbit', 4, { ...read, flags: 'write denyoom' }, setBit),
  command('bitcount', -2, read, countBits),
  command('bitpos', -3, read, findBit),
  command('bitop', -4, { topic: 'bitmap', flags: 'write denyoom', keys: [1, -1, 1] }, combineBits),
];
