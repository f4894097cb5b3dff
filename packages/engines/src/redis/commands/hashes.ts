// Hashes: https://redis.io/docs/latest/commands/?group=hash
import { command, type Command, oneKey } from '../command.ts';
import type { HashValue } from '../data/collections.ts';
import { addBigIntegers, bigIntegerOf, floatOf, floatOrUndefined, integerOf } from '../data/numbers.ts';
import { drawMany } from '../data/draws.ts';
import { faults, OK, Pairs, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { formatSum } from './counters.ts';

const read = { topic: 'hash', flags: 'readonly fast', keys: oneKey } as const;
const write = { topic: 'hash', flags: 'write denyoom fast', keys: oneKey } as const;

function setFields(name: string, { space }: Session, [key = '', ...rest]: string[]): number {
  if (rest.length % 2 !== 0) throw faults.arity(name);
  const hash = space.hashToWrite(key);
  let added = 0;
  for (let at = 0; at < rest.length; at += 2) {
    if (hash.set(rest[at] ?? '', rest[at + 1] ?? '')) added++;
  }
  space.changed(key);
  return added;
}

function remove({ space }: Session, [key = '', ...fields]: string[]): Reply {
  const hash = space.hash(key);
  if (!hash) return 0;
  const gone = fields.filter((field) => hash.delete(field)).length;
  if (gone > 0) space.changed(key);
  return gone;
}

function increment({ space }: Session, [key = '', field = '', delta = '']: string[]): Reply {
  const text = space.hash(key)?.get(field) ?? '0';
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) throw faults.error('hash value is not an integer');
  const sum = addBigIntegers(bigIntegerOf(text), bigIntegerOf(delta));
  if (sum === undefined) throw faults.error('increment or decrement would overflow');
  space.hashToWrite(key).set(field, String(sum));
  space.changed(key);
  return sum;
}

function incrementFloat({ space }: Session, [key = '', field = '', delta]: string[]): Reply {
  const value = floatOrUndefined(space.hash(key)?.get(field) ?? '0');
  if (value === undefined) throw faults.error('hash value is not a float');
  const sum = value + floatOf(delta);
  if (!Number.isFinite(sum)) throw faults.error('increment would produce NaN or Infinity');
  const text = formatSum(sum);
  space.hashToWrite(key).set(field, text);
  space.changed(key);
  return text;
}

function pairsOf(hash: HashValue | undefined): [string, string][] {
  return [...(hash?.fields.nodes() ?? [])].map(({ key, value }) => [key, value]);
}

/** True for that one word, false for none; anything else is an error. */
function isOnly(word: string, options: readonly string[]): boolean {
  if (options.length > 1 || options.some((option) => option.toLowerCase() !== word)) throw faults.syntax();
  return options.length === 1;
}

function randomFields({ space, node, version }: Session, [key = '', count, ...options]: string[]): Reply {
  const hash = space.hash(key);
  if (count === undefined) return hash?.fields.random(node.fraction)?.key ?? null;
  const amount = integerOf(count);
  const withValues = isOnly('withvalues', options);
  if (!hash) return [];
  const drawn = drawMany(hash.fields, amount, node.fraction);
  if (!withValues) return drawn.map(({ key: field }) => field);
  const pairs = drawn.map(({ key: field, value }) => [field, value]);
  return version === 3 ? pairs : pairs.flat();
}

export const hashCommands: readonly Command[] = [
  command('hset', -4, write, (session, args) => setFields('hset', session, args)),
  command('hmset', -4, write, (session, args) => {
    setFields('hmset', session, args);
    return OK;
  }),
  command('hsetnx', 4, write, ({ space }, [key = '', field = '', value = '']) => {
    if (space.hash(key)?.fields.has(field)) return 0;
    space.hashToWrite(key).set(field, value);
    space.changed(key);
    return 1;
  }),
  command('hget', 3, read, ({ space }, [key = '', field = '']) => space.hash(key)?.get(field) ?? null),
  command('hmget', -3, read, ({ space }, [key = '', ...fields]) => {
    const hash = space.hash(key);
    return fields.map((field) => hash?.get(field) ?? null);
  }),
  command('hdel', -3, { ...write, flags: 'write fast' }, remove),
  command('hlen', 2, read, ({ space }, [key = '']) => space.hash(key)?.size ?? 0),
  command(
    'hstrlen',
    3,
    read,
    ({ space }, [key = '', field = '']) => space.hash(key)?.get(field)?.length ?? 0,
  ),
  command('hexists', 3, read, ({ space }, [key = '', field = '']) =>
    space.hash(key)?.fields.has(field) ? 1 : 0,
  ),
  command('hkeys', 2, read, ({ space }, [key = '']) => [...(space.hash(key)?.fields.keys() ?? [])]),
  command('hvals', 2, read, ({ space }, [key = '']) => pairsOf(space.hash(key)).map(([, value]) => value)),
  command('hgetall', 2, read, ({ space }, [key = '']) => new Pairs(pairsOf(space.hash(key)))),
  command('hincrby', 4, write, increment),
  command('hincrbyfloat', 4, write, incrementFloat),
  command('hrandfield', -2, read, randomFields),
];
