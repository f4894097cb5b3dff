// When keys expire.
import { command, type Command, oneKey } from '../command.ts';
import { integerOf } from '../data/numbers.ts';
import { faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';

const write = { topic: 'keyspace', flags: 'write fast', keys: oneKey } as const;
const read = { topic: 'keyspace', flags: 'readonly fast', keys: oneKey } as const;

interface Unit {
  readonly scale: number;
  readonly isAbsolute: boolean;
}

function conditionOf(words: readonly string[]): (before: number, next: number) => boolean {
  const set = new Set(words.map((word) => word.toLowerCase()));
  for (const word of set) {
    if (!['nx', 'xx', 'gt', 'lt'].includes(word)) throw faults.error(`Unsupported option ${word}`);
  }
  if (set.has('nx') && set.size > 1) {
    throw faults.error('NX and XX, GT or LT options at the same time are not compatible');
  }
  if (set.has('gt') && set.has('lt')) {
    throw faults.error('GT and LT options at the same time are not compatible');
  }
  return (before, next) =>
    !(set.has('nx') && before !== Infinity) &&
    !(set.has('xx') && before === Infinity) &&
    !(set.has('gt') && next <= before) &&
    !(set.has('lt') && next >= before);
}

function expire(name: string, { scale, isAbsolute }: Unit): Command {
  return command(name, -3, write, ({ space }: Session, [key = '', time, ...options]): Reply => {
    const atMs = integerOf(time) * scale + (isAbsolute ? 0 : space.nowMs());
    if (Math.abs(atMs) > Number.MAX_SAFE_INTEGER)
      throw faults.error(`invalid expire time in '${name}' command`);
    const isAllowed = conditionOf(options);
    const entry = space.peek(key);
    if (!entry || !isAllowed(entry.expiresMs, atMs)) return 0;
    space.expireAt(key, atMs);
    return 1;
  });
}

function remaining(name: string, { scale, isAbsolute }: Unit): Command {
  return command(name, 2, read, ({ space }, [key = '']) => {
    const entry = space.peek(key);
    if (!entry) return -2;
    if (entry.expiresMs === Infinity) return -1;
    if (isAbsolute) return Math.floor(entry.expiresMs / scale);
    return Math.round((entry.expiresMs - space.nowMs()) / scale);
  });
}

export const expiryCommands: readonly Command[] = [
  expire('expire', { scale: 1000, isAbsolute: false }),
  expire('pexpire', { scale: 1, isAbsolute: false }),
  expire('expireat', { scale: 1000, isAbsolute: true }),
  expire('pexpireat', { scale: 1, isAbsolute: true }),
  remaining('ttl', { scale: 1000, isAbsolute: false }),
  remaining('pttl', { scale: 1, isAbsolute: false }),
  remaining('expiretime', { scale: 1000, isAbsolute: true }),
  remaining('pexpiretime', { scale: 1, isAbsolute: true }),
  command('persist', 2, write, ({ space }, [key = '']) => {
    const entry = space.peek(key);
    if (!entry || entry.expiresMs === Infinity) return 0;
    space.expireAt(key, Infinity);
    return 1;
  }),
];
