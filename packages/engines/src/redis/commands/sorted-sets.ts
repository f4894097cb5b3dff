// Sorted sets: https://redis.io/docs/latest/commands/?group=sorted-set
import { command, type Command, countedKeys, oneKey, twoKeys } from '../command.ts';
import { countOf, floatOf, integerOf } from '../data/numbers.ts';
import { type Scored, SortedSet } from '../data/sorted-set.ts';
import { Double, faults, NO_ARRAY, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { type End, popFromSorted, popSortedAny, sortedPoppingOf } from './sorted-pops.ts';
import { boundsOf, membersIn, type Range, rangeFrom, scoredReply } from './sorted-ranges.ts';

const read = { topic: 'sortedset', flags: 'readonly', keys: oneKey } as const;
const quickRead = { ...read, flags: 'readonly fast' } as const;
const write = { topic: 'sortedset', flags: 'write denyoom fast', keys: oneKey } as const;
const remove = { ...write, flags: 'write' } as const;

interface AddOptions {
  readonly flags: ReadonlySet<string>;
  readonly pairs: readonly Scored[];
}

function addOptions(args: readonly string[]): AddOptions {
  const flags = new Set<string>();
  let at = 0;
  for (; at < args.length; at++) {
    const word = (args[at] ?? '').toLowerCase();
    if (!['nx', 'xx', 'gt', 'lt', 'ch', 'incr'].includes(word)) break;
    flags.add(word);
  }
  const rest = args.slice(at);
  if (rest.length === 0 || rest.length % 2 !== 0) throw faults.syntax();
  if (flags.has('nx') && flags.has('xx')) {
    throw faults.error('XX and NX options at the same time are not compatible');
  }
  const exclusive = ['nx', 'gt', 'lt'].filter((flag) => flags.has(flag));
  if (exclusive.length > 1) {
    throw faults.error('GT, LT, and/or NX options at the same time are not compatible');
  }
  if (flags.has('incr') && rest.length > 2)
    throw faults.error('INCR option supports a single increment-element pair');
  const pairs = Array.from({ length: rest.length / 2 }, (_, index) => ({
    score: floatOf(rest[index * 2]),
    member: rest[index * 2 + 1] ?? '',
  }));
  return { flags, pairs };
}

function isWanted(flags: ReadonlySet<string>, before: number | undefined, next: number): boolean {
  if (before === undefined) return !flags.has('xx');
  return !flags.has('nx') && !(flags.has('gt') && next <= before) && !(flags.has('lt') && next >= before);
}

function add({ space }: Session, [key = '', ...rest]: string[]): Reply {
  const { flags, pairs } = addOptions(rest);
  let set = space.sorted(key);
  let [added, changed] = [0, 0];
  for (const { member, score } of pairs) {
    const before = set?.scoreOf(member);
    const next = flags.has('incr') ? (before ?? 0) + score : score;
    if (Number.isNaN(next)) throw faults.error('resulting score is not a number (NaN)');
    if (!isWanted(flags, before, next)) {
      if (flags.has('incr')) return null;
      continue;
    }
    set ??= space.sortedToWrite(key);
    if (set.set(member, next)) added++;
    else if (before !== next) changed++;
    if (flags.has('incr')) {
      space.changed(key);
      return new Double(next);
    }
  }
  if (added + changed > 0) space.changed(key);
  return flags.has('ch') ? added + changed : added;
}

function removeMembers({ space }: Session, [key = '', ...members]: string[]): Reply {
  const set = space.sorted(key);
  if (!set) return 0;
  const gone = members.filter((member) => set.delete(member)).length;
  if (gone > 0) space.changed(key);
  return gone;
}

function rank(name: string, reversed: boolean): Command {
  return command(name, -3, quickRead, ({ space }, [key = '', member = '', option, extra]): Reply => {
    const withScore = option?.toLowerCase() === 'withscore';
    if (extra !== undefined || (option !== undefined && !withScore)) throw faults.syntax();
    const set = space.sorted(key);
    const found = set?.rankOf(member);
    if (!set || found === undefined) return withScore ? NO_ARRAY : null;
    const place = reversed ? set.size - 1 - found : found;
    return withScore ? [place, new Double(set.scoreOf(member) ?? 0)] : place;
  });
}

function ranged(name: string, preset: Partial<Range>, allowed: string): Command {
  return command(name, -4, read, (session, [key = '', ...rest]) => {
    const { range, withScores } = rangeFrom(rest, preset, allowed);
    return scoredReply(session, membersIn(session.space.sorted(key), range), withScores);
  });
}

function counted(name: string, by: 'score' | 'lex'): Command {
  return command(name, 4, quickRead, ({ space }, [key = '', min = '', max = '']) => {
    const bounds = boundsOf(by, min, max);
    const set = space.sorted(key);
    if (!set) return 0;
    const [from, to] = bounds(set);
    return Math.max(0, to - from);
  });
}

function removedRange(name: string, by: Range['by']): Command {
  return command(name, 4, remove, ({ space }, [key = '', start = '', stop = '']) => {
    const set = space.sorted(key);
    const range = { by, start, stop, reversed: false, offset: 0, count: -1 };
    const gone = membersIn(set, range);
    for (const { member } of gone) set?.delete(member);
    if (gone.length > 0) space.changed(key);
    return gone.length;
  });
}

function popping(name: string, end: End): Command {
  return command(
    name,
    -2,
    { ...remove, flags: 'write fast' },
    (session, [key = '', amount, extra]): Reply => {
      if (extra !== undefined) throw faults.arity(name);
      const entries = popFromSorted(session, key, end, amount === undefined ? 1 : countOf(amount));
      const pairs = entries.map(({ member, score }) => [member, new Double(score)]);
      return session.version === 3 && amount !== undefined ? pairs : pairs.flat();
    },
  );
}

function storeRange({ space }: Session, [to = '', from = '', ...rest]: string[]): Reply {
  const { range } = rangeFrom(rest, {}, 'byscore bylex rev limit');
  const members = membersIn(space.sorted(from), range);
  const result = new SortedSet();
  for (const { member, score } of members) result.set(member, score);
  if (result.size === 0) space.remove(to);
  else space.set(to, result);
  return members.length;
}

function increment(session: Session, [key = '', delta = '', member = '']: string[]): Reply {
  return add(session, [key, 'incr', delta, member]);
}

function randomMembers(session: Session, [key = '', amount, option, extra]: string[]): Reply {
  const { space, node } = session;
  const withScores = option?.toLowerCase() === 'withscores';
  if (extra !== undefined || (option !== undefined && !withScores)) throw faults.syntax();
  const set = space.sorted(key);
  if (amount === undefined) return set?.random(node.fraction)?.member ?? null;
  const count = integerOf(amount);
  if (!set) return [];
  const drawn: Scored[] = [];
  const seen = new Set<string>();
  const wanted = count < 0 ? Math.min(-count, 1_000_000) : Math.min(count, set.size);
  while (drawn.length < wanted) {
    const entry = set.random(node.fraction);
    if (!entry) break;
    if (count > 0 && seen.has(entry.member)) continue;
    seen.add(entry.member);
    drawn.push(entry);
  }
  return scoredReply(session, drawn, withScores);
}

export const sortedSetCommands: readonly Command[] = [
  command('zadd', -4, write, add),
  command('zincrby', 4, write, increment),
  command('zrem', -3, { ...remove, flags: 'write fast' }, removeMembers),
  command('zcard', 2, quickRead, ({ space }, [key = '']) => space.sorted(key)?.size ?? 0),
  command('zscore', 3, quickRead, ({ space }, [key = '', member = '']) => {
    const score = space.sorted(key)?.scoreOf(member);
    return score === undefined ? null : new Double(score);
  }),
  command('zmscore', -3, quickRead, ({ space }, [key = '', ...members]) => {
    const set = space.sorted(key);
    return members.map((member) => {
      const score = set?.scoreOf(member);
      return score === undefined ? null : new Double(score);
    });
  }),
  rank('zrank', false),
  rank('zrevrank', true),
  ranged('zrange', {}, 'byscore bylex rev limit withscores'),
  ranged('zrevrange', { reversed: true }, 'withscores'),
  ranged('zrangebyscore', { by: 'score' }, 'withscores limit'),
  ranged('zrevrangebyscore', { by: 'score', reversed: true }, 'withscores limit'),
  ranged('zrangebylex', { by: 'lex' }, 'limit'),
  ranged('zrevrangebylex', { by: 'lex', reversed: true }, 'limit'),
  command('zrangestore', -5, { ...write, flags: 'write denyoom', keys: twoKeys }, storeRange),
  counted('zcount', 'score'),
  counted('zlexcount', 'lex'),
  removedRange('zremrangebyrank', 'rank'),
  removedRange('zremrangebyscore', 'score'),
  removedRange('zremrangebylex', 'lex'),
  popping('zpopmin', 'min'),
  popping('zpopmax', 'max'),
  command('zmpop', -4, { topic: 'sortedset', flags: 'write', findKeys: countedKeys(0) }, (session, args) => {
    return popSortedAny(session, sortedPoppingOf(args)) ?? NO_ARRAY;
  }),
  command('zrandmember', -2, read, randomMembers),
];
