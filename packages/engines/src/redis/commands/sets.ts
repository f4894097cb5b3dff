// Sets: https://redis.io/docs/latest/commands/?group=set
import { allKeys, command, type Command, countedKeys, oneKey, twoKeys } from '../command.ts';
import { SetValue } from '../data/collections.ts';
import { drawMany } from '../data/draws.ts';
import { countOf, integerOf } from '../data/numbers.ts';
import { faults, Members, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { numberedKeys } from './list-moves.ts';

const read = { topic: 'set', flags: 'readonly', keys: oneKey } as const;
const write = { topic: 'set', flags: 'write denyoom fast', keys: oneKey } as const;

type Combination = (sets: readonly (SetValue | undefined)[]) => string[];

const union: Combination = (sets) => [...new Set(sets.flatMap((set) => [...(set?.members.keys() ?? [])]))];

const difference: Combination = ([first, ...rest]) =>
  [...(first?.members.keys() ?? [])].filter((member) => !rest.some((set) => set?.has(member)));

const intersection: Combination = (sets) => {
  const known = sets.filter((set) => set !== undefined);
  const [smallest, ...rest] = known.toSorted((a, b) => a.size - b.size);
  if (!smallest || known.length < sets.length) return [];
  return [...smallest.members.keys()].filter((member) => rest.every((set) => set.has(member)));
};

function combining(name: string, combine: Combination): readonly Command[] {
  const combined = ({ space }: Session, keys: readonly string[]) =>
    combine(keys.map((key) => space.members(key)));
  return [
    command(name, -2, { ...read, keys: allKeys }, (session, keys) => new Members(combined(session, keys))),
    command(
      `${name}store`,
      -3,
      { ...write, flags: 'write denyoom', keys: allKeys },
      (session, [to = '', ...keys]) => {
        const members = combined(session, keys);
        if (members.length === 0) session.space.remove(to);
        else session.space.set(to, new SetValue(members));
        return members.length;
      },
    ),
  ];
}

function countCommon({ space }: Session, args: string[]): Reply {
  const { keys, rest } = numberedKeys(args);
  const [word, amount, ...extra] = rest;
  if ((word !== undefined && word.toLowerCase() !== 'limit') || extra.length > 0) throw faults.syntax();
  const limit = word === undefined ? 0 : countOf(amount, "LIMIT can't be negative");
  const { length } = intersection(keys.map((key) => space.members(key)));
  return limit > 0 ? Math.min(limit, length) : length;
}

function add({ space }: Session, [key = '', ...members]: string[]): Reply {
  const set = space.membersToWrite(key);
  const added = members.filter((member) => set.add(member)).length;
  if (added > 0) space.changed(key);
  return added;
}

function remove({ space }: Session, [key = '', ...members]: string[]): Reply {
  const set = space.members(key);
  if (!set) return 0;
  const gone = members.filter((member) => set.delete(member)).length;
  if (gone > 0) space.changed(key);
  return gone;
}

function pop({ space, node }: Session, [key = '', amount, extra]: string[]): Reply {
  if (extra !== undefined) throw faults.syntax();
  const count = amount === undefined ? 1 : countOf(amount);
  const set = space.members(key);
  const drawn = set ? drawMany(set.members, count, node.fraction).map((each) => each.key) : [];
  for (const member of drawn) set?.delete(member);
  if (drawn.length > 0) space.changed(key);
  return amount === undefined ? (drawn[0] ?? null) : new Members(drawn);
}

function randomMembers({ space, node }: Session, [key = '', amount, extra]: string[]): Reply {
  if (extra !== undefined) throw faults.syntax();
  const set = space.members(key);
  if (amount === undefined) return set?.members.random(node.fraction)?.key ?? null;
  const count = integerOf(amount);
  return set ? drawMany(set.members, count, node.fraction).map((each) => each.key) : [];
}

function move({ space }: Session, [from = '', to = '', member = '']: string[]): Reply {
  const source = space.members(from);
  space.members(to);
  if (!source?.has(member)) return 0;
  if (from === to) return 1;
  source.delete(member);
  space.membersToWrite(to).add(member);
  space.changed(to);
  space.changed(from);
  return 1;
}

export const setCommands: readonly Command[] = [
  command('sadd', -3, write, add),
  command('srem', -3, { ...write, flags: 'write fast' }, remove),
  command(
    'scard',
    2,
    { ...read, flags: 'readonly fast' },
    ({ space }, [key = '']) => space.members(key)?.size ?? 0,
  ),
  command('sismember', 3, { ...read, flags: 'readonly fast' }, ({ space }, [key = '', member = '']) =>
    space.members(key)?.has(member) ? 1 : 0,
  ),
  command('smismember', -3, { ...read, flags: 'readonly fast' }, ({ space }, [key = '', ...members]) => {
    const set = space.members(key);
    return members.map((member) => (set?.has(member) ? 1 : 0));
  }),
  command(
    'smembers',
    2,
    read,
    ({ space }, [key = '']) => new Members([...(space.members(key)?.members.keys() ?? [])]),
  ),
  command('spop', -2, { ...write, flags: 'write fast' }, pop),
  command('srandmember', -2, read, randomMembers),
  command('smove', 4, { ...write, flags: 'write fast', keys: twoKeys }, move),
  command('sintercard', -3, { topic: 'set', flags: 'readonly', findKeys: countedKeys(0) }, countCommon),
  ...combining('sunion', union),
  ...combining('sinter', intersection),
  ...combining('sdiff', difference),
];
