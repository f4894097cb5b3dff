// Ranges of sorted sets: by rank, by score, by the order of bytes; either way round, with a limit.
import { floatOrUndefined, integerOf } from '../data/numbers.ts';
import type { Scored, SortedSet } from '../data/sorted-set.ts';
import { Double, faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { rangeOf } from './lists.ts';

export interface Range {
  readonly by: 'rank' | 'score' | 'lex';
  readonly start: string;
  readonly stop: string;
  readonly reversed: boolean;
  readonly offset: number;
  /** Negative: all. */
  readonly count: number;
}

/** An end of a range: how many members are before it. */
type Bound = (set: SortedSet) => number;

function scoreBound(text: string, isEnd: boolean): Bound {
  const excluded = text.startsWith('(');
  const score = floatOrUndefined(excluded ? text.slice(1) : text);
  if (score === undefined) throw faults.error('min or max is not a float');
  const passesEqual = excluded !== isEnd;
  return (set) => set.countBefore((entry) => entry.score < score || (passesEqual && entry.score === score));
}

function lexBound(text: string, isEnd: boolean): Bound {
  if (text === '-') return () => 0;
  if (text === '+') return (set) => set.size;
  const mark = text.charAt(0);
  if (mark !== '(' && mark !== '[') throw faults.error('min or max not valid string range item');
  const member = text.slice(1);
  const passesEqual = (mark === '(') !== isEnd;
  return (set) =>
    set.countBefore((entry) => entry.member < member || (passesEqual && entry.member === member));
}

/** Ranks of the first and behind the last member between two bounds. */
export function boundsOf(
  by: 'score' | 'lex',
  min: string,
  max: string,
): (set: SortedSet) => [number, number] {
  const bound = by === 'score' ? scoreBound : lexBound;
  const [low, high] = [bound(min, false), bound(max, true)];
  return (set) => [low(set), high(set)];
}

/** The members of a range; `set` may be missing, but the range must be a good one. */
export function membersIn(set: SortedSet | undefined, range: Range): Scored[] {
  const { by, start, stop, reversed, offset, count } = range;
  if (by === 'rank') {
    const size = set?.size ?? 0;
    const [from, to] = rangeOf(start, stop, size);
    if (!set || from >= to) return [];
    return reversed ? set.range(size - to, size - from).toReversed() : set.range(from, to);
  }
  const [min, max] = reversed ? [stop, start] : [start, stop];
  const bounds = boundsOf(by, min, max);
  if (!set || offset < 0) return [];
  const [from, to] = bounds(set);
  const length = count < 0 ? Infinity : count;
  if (!reversed) return set.range(from + offset, Math.min(to, from + offset + length));
  return set.range(Math.max(from, to - offset - length), to - offset).toReversed();
}

export interface RangeOptions {
  readonly range: Range;
  readonly withScores: boolean;
}

/** Options by word, LIMIT with its two numbers. */
function wordsOf(options: readonly string[], allowed: string): ReadonlyMap<string, readonly number[]> {
  const words = new Map<string, readonly number[]>();
  for (let at = 0; at < options.length; at++) {
    const word = (options[at] ?? '').toLowerCase();
    if (!allowed.split(' ').includes(word)) throw faults.syntax();
    words.set(word, word === 'limit' ? [integerOf(options[++at]), integerOf(options[++at])] : []);
  }
  return words;
}

function orderOf(words: ReadonlyMap<string, unknown>): Range['by'] {
  if (words.has('byscore')) return 'score';
  return words.has('bylex') ? 'lex' : 'rank';
}

/** What ZRANGE and its kin take behind the key. `preset`: what the command's name already says. */
export function rangeFrom(
  [start = '', stop = '', ...options]: readonly string[],
  preset: Partial<Range>,
  allowed: string,
): RangeOptions {
  const words = wordsOf(options, allowed);
  const by = orderOf(words);
  const limit = words.get('limit');
  const withScores = words.has('withscores');
  const range: Range = {
    by,
    start,
    stop,
    reversed: words.has('rev'),
    offset: limit?.[0] ?? 0,
    count: limit?.[1] ?? -1,
    ...preset,
  };
  if (limit && range.by === 'rank') {
    throw faults.error('syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  if (withScores && range.by === 'lex') {
    throw faults.error('syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  return { range, withScores };
}

/** Members for an answer: pairs in RESP3, flat in RESP2. */
export function scoredReply({ version }: Session, entries: readonly Scored[], withScores: boolean): Reply {
  if (!withScores) return entries.map(({ member }) => member);
  const pairs = entries.map(({ member, score }) => [member, new Double(score)]);
  return version === 3 ? pairs : pairs.flat();
}
