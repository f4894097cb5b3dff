// Unions, intersections and differences of sorted sets (and of sets, whose members count 1).
import { command, type Command, countedKeys } from '../command.ts';
import type { Keyspace } from '../data/keyspace.ts';
import { countOf, floatOrUndefined } from '../data/numbers.ts';
import { SetValue } from '../data/collections.ts';
import { SortedSet } from '../data/sorted-set.ts';
import { faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { numberedKeys } from './list-moves.ts';
import { scoredReply } from './sorted-ranges.ts';

type Scores = ReadonlyMap<string, number>;
type How = 'union' | 'inter' | 'diff';

function scoresOf(space: Keyspace, key: string): Scores {
  const value = space.find(key)?.value;
  if (value === undefined) return new Map();
  if (value instanceof SetValue) return new Map([...value.members.keys()].map((member) => [member, 1]));
  if (!(value instanceof SortedSet)) throw faults.wrongType();
  return new Map(value.all().map(({ member, score }) => [member, score]));
}

interface Options {
  readonly keys: readonly string[];
  readonly weights: readonly number[];
  readonly aggregate: (a: number, b: number) => number;
  readonly withScores: boolean;
}

const aggregates: Readonly<Record<string, (a: number, b: number) => number>> = {
  // Infinity and its opposite make 0, as in Redis.
  sum: (a, b) => (Number.isNaN(a + b) ? 0 : a + b),
  min: Math.min,
  max: Math.max,
};

function optionsOf(args: readonly string[], allowed: string): Options {
  const { keys, rest } = numberedKeys(args);
  let [weights, aggregate, withScores] = [keys.map(() => 1), aggregates['sum'], false];
  for (let at = 0; at < rest.length; at++) {
    const word = (rest[at] ?? '').toLowerCase();
    if (!allowed.split(' ').includes(word)) throw faults.syntax();
    if (word === 'withscores') withScores = true;
    else if (word === 'aggregate') aggregate = aggregates[rest[++at]?.toLowerCase() ?? ''];
    else {
      weights = keys.map((_, index) => {
        const weight = floatOrUndefined(rest[at + 1 + index]);
        if (weight === undefined) throw faults.error('weight value is not a float');
        return weight;
      });
      at += keys.length;
    }
  }
  if (!aggregate) throw faults.syntax();
  return { keys, weights, aggregate, withScores };
}

function combine(space: Keyspace, how: How, { keys, weights, aggregate }: Options): SortedSet {
  const [first = new Map(), ...rest] = keys.map((key) => scoresOf(space, key));
  const weigh = (score: number, at: number) => {
    const weighed = score * (weights[at] ?? 1);
    return Number.isNaN(weighed) ? 0 : weighed;
  };
  const result = new Map<string, number>();
  for (const [member, score] of first) result.set(member, weigh(score, 0));
  rest.forEach((scores, index) => {
    if (how !== 'union') {
      for (const member of result.keys()) if (scores.has(member) === (how === 'diff')) result.delete(member);
    }
    if (how === 'diff') return;
    for (const [member, score] of scores) {
      const before = result.get(member);
      const next = weigh(score, index + 1);
      if (before !== undefined) result.set(member, aggregate(before, next));
      else if (how === 'union') result.set(member, next);
    }
  });
  return SortedSet.from(result);
}

function combining(how: How): readonly Command[] {
  const options = how === 'diff' ? '' : 'weights aggregate';
  const name = `z${how}`;
  return [
    command(
      name,
      -3,
      { topic: 'sortedset', flags: 'readonly', findKeys: countedKeys(0) },
      (session, args) => {
        const parsed = optionsOf(args, `${options} withscores`);
        return scoredReply(session, combine(session.space, how, parsed).all(), parsed.withScores);
      },
    ),
    command(
      `${name}store`,
      -4,
      { topic: 'sortedset', flags: 'write denyoom', findKeys: countedKeys(1, true) },
      ({ space }: Session, [to = '', ...rest]): Reply => {
        const set = combine(space, how, optionsOf(rest, options));
        if (set.size === 0) space.remove(to);
        else space.set(to, set);
        return set.size;
      },
    ),
  ];
}

export const sortedCombinationCommands: readonly Command[] = [
  ...combining('union'),
  ...combining('inter'),
  ...combining('diff'),
  command(
    'zintercard',
    -3,
    { topic: 'sortedset', flags: 'readonly', findKeys: countedKeys(0) },
    ({ space }, args) => {
      const { keys, rest } = numberedKeys(args);
      const [word, amount, ...extra] = rest;
      if ((word !== undefined && word.toLowerCase() !== 'limit') || extra.length > 0) throw faults.syntax();
      const limit = word === undefined ? 0 : countOf(amount, "LIMIT can't be negative");
      const plain = { keys, weights: [], aggregate: Math.max, withScores: false };
      const { size } = combine(space, 'inter', plain);
      return limit > 0 ? Math.min(limit, size) : size;
    },
  ),
];
