// SCAN and its kin. A cursor is a place in the table, so the server remembers nothing between calls.
import { command, type Command, oneKey } from '../command.ts';
import { globMatcher } from '../data/glob.ts';
import { kindOf } from '../data/keyspace.ts';
import { formatFloat, integerOf } from '../data/numbers.ts';
import { faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';

interface ScanOptions {
  readonly cursor: number;
  readonly count: number;
  readonly matches: (text: string) => boolean;
  readonly type: string | undefined;
  readonly noValues: boolean;
}

/** COUNT is a hint: no call looks at more places than this. */
const MOST_PLACES = 10_000;

function optionsOf([cursor = '', ...rest]: readonly string[], allowed: string): ScanOptions {
  if (!/^\d{1,15}$/.test(cursor)) throw faults.error('invalid cursor');
  let [count, pattern, noValues]: [number, string, boolean] = [10, '*', false];
  let type: string | undefined;
  for (let at = 0; at < rest.length; at++) {
    const word = (rest[at] ?? '').toLowerCase();
    if (!allowed.split(' ').includes(word)) throw faults.syntax();
    if (word === 'novalues') {
      noValues = true;
      continue;
    }
    const value = rest[++at];
    if (value === undefined) throw faults.syntax();
    if (word === 'count') count = integerOf(value);
    else if (word === 'match') pattern = value;
    else type = value.toLowerCase();
  }
  if (count < 1) throw faults.syntax();
  return {
    cursor: Number(cursor),
    count: Math.min(count, MOST_PLACES),
    matches: globMatcher(pattern),
    type,
    noValues,
  };
}

function scan({ space }: Session, args: string[]): Reply {
  const { cursor, count, matches, type } = optionsOf(args, 'match count type');
  const found: string[] = [];
  const next = space.entries.scan(cursor, count, ({ key }) => {
    if (!matches(key)) return;
    found.push(key);
  });
  // Looked at after the scan, because expired keys go when they are seen.
  const alive = found.filter((key) => {
    const entry = space.peek(key);
    return entry && (type === undefined || kindOf(entry.value) === type);
  });
  return [String(next), alive];
}

function scanHash({ space }: Session, [key = '', ...args]: string[]): Reply {
  const { cursor, count, matches, noValues } = optionsOf(args, 'match count novalues');
  const found: string[] = [];
  const next = space.hash(key)?.fields.scan(cursor, count, (node) => {
    if (matches(node.key)) found.push(node.key, ...(noValues ? [] : [node.value]));
  });
  return [String(next ?? 0), found];
}

function scanSet({ space }: Session, [key = '', ...args]: string[]): Reply {
  const { cursor, count, matches } = optionsOf(args, 'match count');
  const found: string[] = [];
  const next = space.members(key)?.members.scan(cursor, count, (node) => {
    if (matches(node.key)) found.push(node.key);
  });
  return [String(next ?? 0), found];
}

function scanSorted({ space }: Session, [key = '', ...args]: string[]): Reply {
  const { cursor, count, matches } = optionsOf(args, 'match count');
  const found: string[] = [];
  const next = space.sorted(key)?.scan(cursor, count, ({ member, score }) => {
    if (matches(member)) found.push(member, formatFloat(score));
  });
  return [String(next ?? 0), found];
}

export const scanCommands: readonly Command[] = [
  command('scan', -2, { topic: 'keyspace', flags: 'readonly' }, scan),
  command('hscan', -3, { topic: 'hash', flags: 'readonly', keys: oneKey }, scanHash),
  command('sscan', -3, { topic: 'set', flags: 'readonly', keys: oneKey }, scanSet),
  command('zscan', -3, { topic: 'sortedset', flags: 'readonly', keys: oneKey }, scanSorted),
];
