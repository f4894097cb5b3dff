// Taking members from the ends of sorted sets.
import type { Scored } from '../data/sorted-set.ts';
import { integerOf } from '../data/numbers.ts';
import { Double, faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { numberedKeys } from './list-moves.ts';

export type End = 'min' | 'max';

export function popFromSorted({ space }: Session, key: string, end: End, count: number): Scored[] {
  const set = space.sorted(key);
  if (!set || count === 0) return [];
  const entries =
    end === 'min' ? set.range(0, count) : set.range(Math.max(0, set.size - count), set.size).toReversed();
  for (const { member } of entries) set.delete(member);
  space.changed(key);
  return entries;
}

export interface SortedPopping {
  readonly keys: readonly string[];
  readonly end: End;
  readonly count: number;
}

/** `numkeys key… MIN|MAX [COUNT n]`. */
export function sortedPoppingOf(args: readonly string[]): SortedPopping {
  const { keys, rest } = numberedKeys(args);
  const [word, countWord, amount, ...extra] = rest;
  const end = word?.toLowerCase();
  if (end !== 'min' && end !== 'max') throw faults.syntax();
  if ((countWord !== undefined && countWord.toLowerCase() !== 'count') || extra.length > 0)
    throw faults.syntax();
  const count = countWord === undefined ? 1 : integerOf(amount);
  if (count < 1) throw faults.error('count should be greater than 0');
  return { keys, end, count };
}

export function popSortedAny(session: Session, { keys, end, count }: SortedPopping): Reply | undefined {
  for (const key of keys) {
    const entries = popFromSorted(session, key, end, count);
    if (entries.length > 0) return [key, entries.map(({ member, score }) => [member, new Double(score)])];
  }
  return undefined;
}
