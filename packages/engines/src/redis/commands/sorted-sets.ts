// Sorted sets: https://redis.io/docs/latest/commands/?group=sorted-set
import { command, type Command, countedKeys, oneKey, twoKeys } from '../command.ts';
import type { Keyspace } from '../data/keyspace.ts';
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

/** Answers of draws with repetition are bounded. */
const MAX_DRAWS = 1_000_000;

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
  const known = space.sorted(key);
  if (flags.has('incr')) return addTo(space, key, flags, pairs[0] ?? { member: '', score: 0 });
  const wanted = pairs.filter(({ member, score }) => isWanted(flags, known?.scoreOf(member), score));
  if (wanted.length === 0) return 0;
  const set = space.sortedToWrite(key);
  let [added, changed] = [0, 0];
  for (const { member, score } of wanted) {
    const before = set.scoreOf(member);
    if (set.set(member, score)) added++;
    else if (before !== score) changed++;
  }
  if (added + changed > 0) space.changed(key);
  return flags.has('ch') ? added + changed : added;
}

/** ZADD INCR: the new score, or null when the conditions do not hold. */
function addTo(space: Keyspace, key: string, flags: ReadonlySet<string>, { member, score }: Scored): Reply {
  const before = space.sorted(key)?.scoreOf(member);
  const next = (before ?? 0) + score;
  if (Number.isNaN(next)) throw faults.error('resulting score is not a number (NaN)');
  if (!isWanted(flags, before, next)) return null;
  space.sortedToWrite(key).set(member, next);
  space.changed(key);
  return new Double(next);
}

function removeMembers({ space }: Session, [key = '', ...members]: string[]): Reply {
  const set = space.sorted(key);
  if (!set) return 0;
  const gone = members.filter((member) => set.delete(member)).length;
  if (gone > 0) space.changed(key);
  return gone;
}

function rank(name: string, reversed: boolean): Command {
  return command(name, -3, quickRead, ({ space }, [key = '', member = '', ...options]): Reply => {
    const withScore = isOnly('withscore', options);
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

function randomMembers(session: Session, [key = '', amount, ...options]: string[]): Reply {
  const { space, node } = session;
  const withScores = isOnly('withscores', options);
  const set = space.sorted(key);
  if (amount === undefined) return set?.random(node.fraction)?.member ?? null;
  const count = integerOf(amount);
  if (!set) return [];
  return scoredReply(session, drawScored(set, count, node.fraction), withScores);
}

/** Different members, or with repetition when the count is negative. */
function drawScored(set: SortedSet, count: number, fraction: () => number): Scored[] {
  const draw = () => set.random(fraction) ?? { member: '', score: 0 };
  if (count < 0) return Array.from({ length: Math.min(-count, MAX_DRAWS) }, draw);
  if (count >= set.size) return set.all();
  const drawn = new Map<string, Scored>();
  while (drawn.size < count) {
    const entry = draw();
    drawn.set(entry.member, entry);
  }
  return [...drawn.values()];
}

/** True for that one word, false for none; anything else is an error. */
function isOnly(word: string, options: readonly string[]): boolean {
  if (options.length > 1 || options.some((option) => option.toLowerCase() !== word)) throw faults.syntax();
  return options.length === 1;
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
