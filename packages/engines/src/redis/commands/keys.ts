// Keys whatever they hold: https://redis.io/docs/latest/commands/?group=generic
import { type Answer, Stepwise } from '../answer.ts';
import { allKeys, command, type Command, container, oneKey, twoKeys } from '../command.ts';
import { copyOf } from '../data/copies.ts';
import { globMatcher } from '../data/glob.ts';
import { type Entry, type Keyspace, kindOf } from '../data/keyspace.ts';
import { integerOf } from '../data/numbers.ts';
import { faults, OK, RedisFault, type Reply, Status } from '../resp/reply.ts';
import type { Session } from '../session.ts';

const read = { topic: 'keyspace', flags: 'readonly fast', keys: oneKey } as const;
const write = { topic: 'keyspace', flags: 'write', keys: oneKey } as const;

function remove({ space }: Session, keys: string[]): Reply {
  return keys.filter((key) => space.has(key) && space.remove(key)).length;
}

function rename({ space }: Session, from: string, to: string): void {
  const entry = space.find(from);
  if (!entry) throw faults.noSuchKey();
  if (from === to) return;
  const { value, expiresMs } = entry;
  space.remove(from);
  space.set(to, value, expiresMs);
}

export function databaseOf(session: Session, text: string | undefined): Keyspace {
  const index = integerOf(text);
  if (index < 0 || index >= session.node.databases) throw faults.error('DB index is out of range');
  return session.dataset.space(index);
}

function copy(session: Session, [from = '', to = '', ...options]: string[]): Reply {
  let target = session.space;
  let replaces = false;
  for (let at = 0; at < options.length; at++) {
    const word = options[at]?.toLowerCase();
    if (word === 'replace') replaces = true;
    else if (word === 'db') target = databaseOf(session, options[++at]);
    else throw faults.syntax();
  }
  if (target === session.space && from === to) {
    throw faults.error('source and destination objects are the same');
  }
  const entry = session.space.find(from);
  if (!entry || (target.has(to) && !replaces)) return 0;
  target.set(to, copyOf(entry.value), entry.expiresMs);
  return 1;
}

function move(session: Session, [key = '', index]: string[]): Reply {
  const target = databaseOf(session, index);
  if (target === session.space) throw faults.error('source and destination objects are the same');
  const entry = session.space.find(key);
  if (!entry || target.has(key)) return 0;
  const { value, expiresMs } = entry;
  session.space.remove(key);
  target.set(key, value, expiresMs);
  return 1;
}

/** Keys that a step looks at. */
const STEP_KEYS = 2_000;

/** As SCAN does it: what is there from beginning to end is found once. */
function keysLike({ space }: Session, [pattern = '']: string[]): Answer {
  const matches = globMatcher(pattern);
  function* steps(): Generator<void, Reply> {
    const found: string[] = [];
    for (let cursor = 0, first = true; first || cursor !== 0; first = false) {
      const from = found.length;
      cursor = space.entries.scan(cursor, STEP_KEYS, ({ key }) => {
        if (matches(key)) found.push(key);
      });
      for (let at = found.length - 1; at >= from; at--) if (!space.has(found[at] ?? '')) found.splice(at, 1);
      yield;
    }
    return found;
  }
  return new Stepwise(steps());
}

function randomKey({ space, node }: Session): Reply {
  for (let tries = 0; tries < 100; tries++) {
    const key = space.entries.random(node.fraction)?.key;
    if (key === undefined) return null;
    if (space.has(key)) return key;
  }
  return null;
}

const listpackEntries = 128;

function encodingOf({ value }: Entry): string {
  if (typeof value === 'string') {
    if (/^(?:0|-?[1-9]\d{0,18})$/.test(value)) return 'int';
    return value.length <= 44 ? 'embstr' : 'raw';
  }
  if (value.kind === 'stream') return 'stream';
  if (value.kind === 'list') return value.size <= listpackEntries ? 'listpack' : 'quicklist';
  if (value.kind === 'zset') return value.size <= listpackEntries ? 'listpack' : 'skiplist';
  return value.size <= listpackEntries ? 'listpack' : 'hashtable';
}

function objectFact(name: string, fact: (session: Session, entry: Entry) => Reply): Command {
  return command(`object|${name}`, 3, { ...read, keys: [1, 1, 1] }, (session, [, key = '']) => {
    const entry = session.space.peek(key);
    return entry ? fact(session, entry) : null;
  });
}

function usesOf(session: Session, { uses }: Entry): Reply {
  if (session.node.parameters.get('maxmemory-policy')?.endsWith('-lfu')) return uses;
  throw faults.error(
    'An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching ' +
      'between policies at runtime LRU and LFU data will take some time to adjust.',
  );
}

function swap(session: Session, [first, second]: string[]): Reply {
  session.dataset.swap(databaseOf(session, first).index, databaseOf(session, second).index);
  return OK;
}

export const keyCommands: readonly Command[] = [
  command('del', -2, { ...write, keys: allKeys }, remove),
  command('unlink', -2, { ...write, flags: 'write fast', keys: allKeys }, remove),
  command(
    'exists',
    -2,
    { ...read, keys: allKeys },
    ({ space }, keys) => keys.filter((key) => space.has(key)).length,
  ),
  command(
    'touch',
    -2,
    { ...read, keys: allKeys },
    ({ space }, keys) => keys.filter((key) => space.find(key)).length,
  ),
  command('type', 2, read, ({ space }, [key = '']) => {
    const entry = space.peek(key);
    return new Status(entry ? kindOf(entry.value) : 'none');
  }),
  command('rename', 3, { ...write, keys: twoKeys }, (session, [from = '', to = '']) => {
    rename(session, from, to);
    return OK;
  }),
  command(
    'renamenx',
    3,
    { ...write, flags: 'write fast', keys: twoKeys },
    (session, [from = '', to = '']) => {
      if (session.space.has(from) && session.space.has(to)) return 0;
      rename(session, from, to);
      return 1;
    },
  ),
  command('copy', -3, { ...write, flags: 'write denyoom', keys: twoKeys }, copy),
  command('move', 3, { ...write, flags: 'write fast' }, move),
  command('keys', 2, { topic: 'keyspace', flags: 'readonly dangerous' }, keysLike),
  command('randomkey', 1, { topic: 'keyspace', flags: 'readonly' }, randomKey),
  command('dbsize', 1, { topic: 'keyspace', flags: 'readonly fast' }, ({ space }) => space.size),
  command('flushdb', -1, { topic: 'keyspace', flags: 'write dangerous' }, ({ space }) => {
    space.clear();
    return OK;
  }),
  command('flushall', -1, { topic: 'keyspace', flags: 'write dangerous' }, ({ dataset }) => {
    dataset.clear();
    return OK;
  }),
  command('swapdb', 3, { topic: 'keyspace', flags: 'write fast dangerous' }, swap),
  container('object', { topic: 'keyspace' }, [
    objectFact('encoding', (_, entry) => encodingOf(entry)),
    objectFact('refcount', () => 1),
    objectFact('idletime', ({ space }, { usedMs }) => Math.floor((space.nowMs() - usedMs) / 1000)),
    objectFact('freq', usesOf),
  ]),
  container('memory', { topic: 'server' }, [
    command(
      'memory|usage',
      -3,
      { topic: 'server', flags: 'readonly', keys: [1, 1, 1] },
      ({ space }, [, key = '']) => {
        return space.peek(key)?.bytes ?? null;
      },
    ),
    command('memory|doctor', 2, { topic: 'server' }, () => 'No memory issues found.'),
  ]),
  command('dump', 2, { topic: 'keyspace', flags: 'readonly', keys: oneKey }, () => {
    throw new RedisFault('ERR DUMP is not implemented');
  }),
];
