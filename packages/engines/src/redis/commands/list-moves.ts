// Taking items from lists: what the waiting and the immediate commands have in common.
import type { Side } from '../data/collections.ts';
import { integerOf } from '../data/numbers.ts';
import { faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';

export function sideOf(word: string | undefined): Side {
  const side = word?.toLowerCase();
  if (side !== 'left' && side !== 'right') throw faults.syntax();
  return side;
}

/** Undefined when there is no such list. */
export function popMany({ space }: Session, key: string, side: Side, count: number): string[] | undefined {
  const list = space.list(key);
  if (!list) return undefined;
  const items: string[] = [];
  while (items.length < count) {
    const item = list.pop(side);
    if (item === undefined) break;
    items.push(item);
  }
  if (items.length > 0) space.changed(key);
  return items;
}

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly take: Side;
  readonly give: Side;
}

/** The item that was moved, or undefined when there is none. */
export function move({ space }: Session, { from, to, take, give }: Move): string | undefined {
  const source = space.list(from);
  if (!source) return undefined;
  // Before anything is taken: the target may be of another kind.
  space.list(to);
  const item = source.pop(take);
  if (item === undefined) return undefined;
  // The target first, for it may be the source, which must not be dropped meanwhile.
  space.listToWrite(to).push(give, item);
  space.changed(to);
  if (from !== to) space.changed(from);
  return item;
}

export interface Popping {
  readonly keys: readonly string[];
  readonly side: Side;
  readonly count: number;
}

/** `numkeys key… LEFT|RIGHT [COUNT n]`. */
export function poppingOf(args: readonly string[]): Popping {
  const { keys, rest } = numberedKeys(args);
  const [side, word, amount, ...extra] = rest;
  const count = word === undefined ? 1 : integerOf(amount);
  if ((word !== undefined && word.toLowerCase() !== 'count') || extra.length > 0) throw faults.syntax();
  if (count < 1) throw faults.error('count should be greater than 0');
  return { keys, side: sideOf(side), count };
}

/** `numkeys key…` and what comes behind. */
export function numberedKeys(args: readonly string[]): { keys: string[]; rest: string[] } {
  const text = args[0] ?? '';
  const count = /^-?\d+$/.test(text) ? Number(text) : 0;
  if (count < 1) throw faults.error('numkeys should be greater than 0');
  if (count > args.length - 1) throw faults.syntax();
  return { keys: args.slice(1, count + 1), rest: args.slice(count + 1) };
}

/** Key and items of the first list that has any. */
export function popAny(session: Session, { keys, side, count }: Popping): Reply | undefined {
  for (const key of keys) {
    const items = popMany(session, key, side, count);
    if (items && items.length > 0) return [key, items];
  }
  return undefined;
}
