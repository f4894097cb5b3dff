// Lists: https://redis.io/docs/latest/commands/?group=list
import { command, type Command, countedKeys, oneKey, twoKeys } from '../command.ts';
import type { ListValue, Side } from '../data/collections.ts';
import { countOf, integerOf } from '../data/numbers.ts';
import { faults, NO_ARRAY, OK, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { move, popAny, popMany, poppingOf, sideOf } from './list-moves.ts';

const read = { topic: 'list', flags: 'readonly', keys: oneKey } as const;
const write = { topic: 'list', flags: 'write denyoom', keys: oneKey } as const;
const pop = { topic: 'list', flags: 'write fast', keys: oneKey } as const;

function push(name: string, side: Side, onlyIfThere: boolean): Command {
  return command(name, -3, { ...write, flags: 'write denyoom fast' }, ({ space }, [key = '', ...items]) => {
    const list = onlyIfThere ? space.list(key) : space.listToWrite(key);
    if (!list) return 0;
    for (const item of items) list.push(side, item);
    const length = list.size;
    space.changed(key);
    return length;
  });
}

function popOne(name: string, side: Side): Command {
  return command(name, -2, pop, (session, [key = '', amount, extra]): Reply => {
    if (extra !== undefined) throw faults.arity(name);
    if (amount !== undefined) {
      const count = countOf(amount);
      return popMany(session, key, side, count) ?? NO_ARRAY;
    }
    return popMany(session, key, side, 1)?.[0] ?? null;
  });
}

/** Start and end (not included) of a range as Redis counts it. */
export function rangeOf(from: string | undefined, to: string | undefined, length: number): [number, number] {
  let [start, stop] = [integerOf(from), integerOf(to)];
  if (start < 0) start = Math.max(0, length + start);
  if (stop < 0) stop = length + stop;
  return [start, Math.max(start, Math.min(length, stop + 1))];
}

function range({ space }: Session, [key = '', from, to]: string[]): Reply {
  const list = space.list(key);
  const [start, end] = rangeOf(from, to, list?.size ?? 0);
  return list?.items.slice(start, end) ?? [];
}

function trim({ space }: Session, [key = '', from, to]: string[]): Reply {
  const list = space.list(key);
  const [start, end] = rangeOf(from, to, list?.size ?? 0);
  if (list) {
    list.replace(list.items.slice(start, end));
    space.changed(key);
  }
  return OK;
}

function put({ space }: Session, [key = '', index, item = '']: string[]): Reply {
  const list = space.list(key);
  if (!list) throw faults.noSuchKey();
  const at = placeOf(list, integerOf(index));
  if (at === undefined) throw faults.error('index out of range');
  list.put(at, item);
  space.changed(key);
  return OK;
}

function placeOf(list: ListValue, index: number): number | undefined {
  const at = index < 0 ? list.size + index : index;
  return at >= 0 && at < list.size ? at : undefined;
}

function insert({ space }: Session, [key = '', where = '', pivot = '', item = '']: string[]): Reply {
  const word = where.toLowerCase();
  if (word !== 'before' && word !== 'after') throw faults.syntax();
  const list = space.list(key);
  if (!list) return 0;
  const at = list.items.slice(0, list.size).indexOf(pivot);
  if (at < 0) return -1;
  list.insert(word === 'before' ? at : at + 1, item);
  space.changed(key);
  return list.size;
}

function removeItems({ space }: Session, [key = '', amount, item = '']: string[]): Reply {
  const count = integerOf(amount);
  const list = space.list(key);
  if (!list) return 0;
  const items = list.items.slice(0, list.size);
  if (count < 0) items.reverse();
  let left = count === 0 ? Infinity : Math.abs(count);
  const kept = items.filter((each) => each !== item || left-- <= 0);
  const gone = items.length - kept.length;
  if (gone === 0) return 0;
  list.replace(count < 0 ? kept.toReversed() : kept);
  space.changed(key);
  return gone;
}

function positionOptions(options: readonly string[]) {
  const wanted = { rank: 1, count: undefined as number | undefined, maxlen: 0 };
  for (let at = 0; at < options.length; at += 2) {
    const word = options[at]?.toLowerCase();
    if (word === 'rank') wanted.rank = integerOf(options[at + 1]);
    else if (word === 'count') wanted.count = countOf(options[at + 1], "COUNT can't be negative");
    else if (word === 'maxlen') wanted.maxlen = countOf(options[at + 1], "MAXLEN can't be negative");
    else throw faults.syntax();
  }
  return wanted;
}

function positions({ space }: Session, [key = '', item = '', ...options]: string[]): Reply {
  const wanted = positionOptions(options);
  if (wanted.rank === 0) {
    throw faults.error(
      "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from " +
        'the end of the list',
    );
  }
  const list = space.list(key);
  const items = list?.items.slice(0, list.size) ?? [];
  const order = wanted.rank < 0 ? items.map((_, at) => items.length - 1 - at) : items.map((_, at) => at);
  const looked = wanted.maxlen > 0 ? order.slice(0, wanted.maxlen) : order;
  const found = looked.filter((at) => items[at] === item).slice(Math.abs(wanted.rank) - 1);
  if (wanted.count === undefined) return found[0] ?? null;
  return wanted.count === 0 ? found : found.slice(0, wanted.count);
}

function multiPop(session: Session, args: string[]): Reply {
  return popAny(session, poppingOf(args)) ?? NO_ARRAY;
}

export const listCommands: readonly Command[] = [
  push('lpush', 'left', false),
  push('rpush', 'right', false),
  push('lpushx', 'left', true),
  push('rpushx', 'right', true),
  popOne('lpop', 'left'),
  popOne('rpop', 'right'),
  command(
    'llen',
    2,
    { ...read, flags: 'readonly fast' },
    ({ space }, [key = '']) => space.list(key)?.size ?? 0,
  ),
  command('lrange', 4, read, range),
  command('ltrim', 4, { ...write, flags: 'write' }, trim),
  command('lindex', 3, read, ({ space }, [key = '', index]) => {
    const list = space.list(key);
    const at = list && placeOf(list, integerOf(index));
    return at === undefined ? null : (list?.items.at(at) ?? null);
  }),
  command('lset', 4, write, put),
  command('linsert', 5, write, insert),
  command('lrem', 4, { ...write, flags: 'write' }, removeItems),
  command('lpos', -3, read, positions),
  command('rpoplpush', 3, { ...write, keys: twoKeys }, (session, [from = '', to = '']) => {
    return move(session, { from, to, take: 'right', give: 'left' }) ?? null;
  }),
  command('lmove', 5, { ...write, keys: twoKeys }, (session, [from = '', to = '', take, give]) => {
    return move(session, { from, to, take: sideOf(take), give: sideOf(give) }) ?? null;
  }),
  command('lmpop', -4, { topic: 'list', flags: 'write', findKeys: countedKeys(0) }, multiPop),
];
