// Strings: https://redis.io/docs/latest/commands/?group=string
import { allKeys, command, type Command, oneKey, twoKeys } from '../command.ts';
import { countOf, integerOf } from '../data/numbers.ts';
import { faults, OK, RedisFault, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { assertFits } from './value-size.ts';
import { expiryOption } from './expiry-options.ts';

const read = { topic: 'string', flags: 'readonly fast', keys: oneKey } as const;
const write = { topic: 'string', flags: 'write denyoom fast', keys: oneKey } as const;

interface SetOptions {
  only: 'nx' | 'xx' | undefined;
  get: boolean;
  keepTtl: boolean;
  expiresMs: number;
}

/** The options of SET behind key and value. */
function setOptions(session: Session, args: readonly string[]): SetOptions {
  const options: SetOptions = { only: undefined, get: false, keepTtl: false, expiresMs: Infinity };
  for (let at = 0; at < args.length; at++) {
    const word = (args[at] ?? '').toLowerCase();
    if ((word === 'nx' || word === 'xx') && !options.only) options.only = word;
    else if (word === 'get') options.get = true;
    else if (word === 'keepttl' && options.expiresMs === Infinity) options.keepTtl = true;
    else {
      if (options.keepTtl || options.expiresMs !== Infinity) throw faults.syntax();
      options.expiresMs = expiryOption(word, args[++at], { command: 'set', nowMs: session.space.nowMs() });
    }
  }
  return options;
}

function set(session: Session, [key = '', value = '', ...rest]: string[]): Reply {
  const { space } = session;
  if (rest.length === 0) {
    space.set(key, value);
    return OK;
  }
  const options = setOptions(session, rest);
  const before = options.get ? (space.string(key) ?? null) : null;
  const isThere = space.has(key);
  if (options.only && (options.only === 'nx') === isThere) return before;
  if (options.keepTtl) space.replace(key, value);
  else if (options.expiresMs <= space.nowMs()) space.remove(key);
  else space.set(key, value, options.expiresMs);
  return options.get ? before : OK;
}

function setWithExpiry(name: string, unit: 'ex' | 'px') {
  return ({ space }: Session, [key = '', time, value = '']: string[]): Reply => {
    space.set(key, value, expiryOption(unit, time, { command: name, nowMs: space.nowMs() }));
    return OK;
  };
}

function getEx({ space }: Session, [key = '', ...options]: string[]): Reply {
  const word = options[0]?.toLowerCase();
  const nowMs = space.nowMs();
  let expiresMs: number | undefined;
  if (word === 'persist' && options.length === 1) expiresMs = Infinity;
  else if (word !== undefined) {
    if (options.length !== 2) throw faults.syntax();
    expiresMs = expiryOption(word, options[1], { command: 'getex', nowMs });
  }
  const value = space.string(key);
  if (value === undefined) return null;
  if (expiresMs !== undefined) space.expireAt(key, expiresMs);
  return value;
}

function getRange({ space }: Session, [key = '', from, to]: string[]): Reply {
  let [start, end] = [integerOf(from), integerOf(to)];
  const value = space.string(key) ?? '';
  if (start < 0) start = Math.max(0, value.length + start);
  if (end < 0) end = Math.max(0, value.length + end);
  return start > end ? '' : value.slice(start, end + 1);
}

function setRange(session: Session, [key = '', offset, piece = '']: string[]): Reply {
  const start = countOf(offset, 'offset is out of range');
  const { space } = session;
  const value = space.string(key) ?? '';
  if (piece === '') return value.length;
  assertFits(session, Math.max(start + piece.length, value.length));
  const next = value.slice(0, start).padEnd(start, '\0') + piece + value.slice(start + piece.length);
  space.replace(key, next);
  return next.length;
}

function append(session: Session, [key = '', tail = '']: string[]): Reply {
  const { space } = session;
  const before = space.string(key) ?? '';
  assertFits(session, before.length + tail.length);
  const next = before + tail;
  space.replace(key, next);
  return next.length;
}

function pairsOf(name: string, args: readonly string[]): [string, string][] {
  if (args.length % 2 !== 0) throw faults.arity(name);
  return Array.from({ length: args.length / 2 }, (_, at) => [args[at * 2] ?? '', args[at * 2 + 1] ?? '']);
}

function mset({ space }: Session, args: string[]): Reply {
  for (const [key, value] of pairsOf('mset', args)) space.set(key, value);
  return OK;
}

function msetnx({ space }: Session, args: string[]): Reply {
  const pairs = pairsOf('msetnx', args);
  if (pairs.some(([key]) => space.has(key))) return 0;
  for (const [key, value] of pairs) space.set(key, value);
  return 1;
}

function mget({ space }: Session, keys: string[]): Reply {
  return keys.map((key) => {
    const value = space.find(key)?.value;
    return typeof value === 'string' ? value : null;
  });
}

function getAndDelete({ space }: Session, [key = '']: string[]): Reply {
  const value = space.string(key);
  if (value === undefined) return null;
  space.remove(key);
  return value;
}

function getAndSet({ space }: Session, [key = '', next = '']: string[]): Reply {
  const value = space.string(key) ?? null;
  space.set(key, next);
  return value;
}

/** The longest common subsequence. */
function lcs({ space }: Session, [first = '', second = '', ...options]: string[]): Reply {
  const [a, b] = [space.string(first) ?? '', space.string(second) ?? ''];
  const words = options.map((word) => word.toLowerCase());
  if (words.includes('idx')) throw new RedisFault('ERR LCS with IDX is not implemented');
  if (words.some((word) => word !== 'len')) throw faults.syntax();
  if (a.length * b.length > 16 * 1024 * 1024) {
    throw faults.error('Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len');
  }
  const cell = lengthsOf(a, b);
  return words.length > 0 ? cell(a.length, b.length) : readBack(a, b, cell);
}

type Cell = (row: number, column: number) => number;

/** Lengths of what beginnings of `a` and `b` have in common. */
function lengthsOf(a: string, b: string): Cell {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const cell: Cell = (row, column) => table[row * width + column] ?? 0;
  for (let row = 1; row <= a.length; row++) {
    for (let column = 1; column <= b.length; column++) {
      table[row * width + column] =
        a[row - 1] === b[column - 1]
          ? cell(row - 1, column - 1) + 1
          : Math.max(cell(row - 1, column), cell(row, column - 1));
    }
  }
  return cell;
}

function readBack(a: string, b: string, cell: Cell): string {
  let text = '';
  for (let [row, column] = [a.length, b.length]; row > 0 && column > 0; ) {
    if (a[row - 1] === b[column - 1]) {
      text = a.charAt(row - 1) + text;
      row--;
      column--;
    } else if (cell(row - 1, column) > cell(row, column - 1)) row--;
    else column--;
  }
  return text;
}

function get(session: Session, [key = '']: string[]): Reply {
  const value = session.space.string(key);
  if (value === undefined) {
    session.node.statistics.misses++;
    return null;
  }
  session.node.statistics.hits++;
  return value;
}

export const stringCommands: readonly Command[] = [
  command('get', 2, read, get),
  command('set', -3, { ...write, flags: 'write denyoom' }, set),
  command('setnx', 3, write, ({ space }, [key = '', value = '']) => {
    if (space.has(key)) return 0;
    space.set(key, value);
    return 1;
  }),
  command('setex', 4, write, setWithExpiry('setex', 'ex')),
  command('psetex', 4, write, setWithExpiry('psetex', 'px')),
  command('getset', 3, write, getAndSet),
  command('getdel', 2, { ...write, flags: 'write fast' }, getAndDelete),
  command('getex', -2, { ...write, flags: 'write fast' }, getEx),
  command('strlen', 2, read, ({ space }, [key = '']) => space.string(key)?.length ?? 0),
  command('append', 3, write, append),
  command('getrange', 4, read, getRange),
  command('substr', 4, read, getRange),
  command('setrange', 4, write, setRange),
  command('mget', -2, { ...read, keys: allKeys }, mget),
  command('mset', -3, { ...write, keys: [0, -1, 2] }, mset),
  command('msetnx', -3, { ...write, keys: [0, -1, 2] }, msetnx),
  command('lcs', -3, { ...read, keys: twoKeys }, lcs),
];
