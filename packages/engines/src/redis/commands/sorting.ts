// SORT: https://redis.io/docs/latest/commands/sort/
import { command, type Command, oneKey } from '../command.ts';
import { HashValue, ListValue, SetValue } from '../data/collections.ts';
import type { Keyspace } from '../data/keyspace.ts';
import { floatOrUndefined, integerOf } from '../data/numbers.ts';
import { SortedSet } from '../data/sorted-set.ts';
import { faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';

interface Options {
  by: string | undefined;
  readonly get: string[];
  offset: number;
  count: number;
  descending: boolean;
  alphabetic: boolean;
  store: string | undefined;
}

function optionsOf(session: Session, args: readonly string[], mayStore: boolean): Options {
  const options: Options = {
    by: undefined,
    get: [],
    offset: 0,
    count: -1,
    descending: false,
    alphabetic: false,
    store: undefined,
  };
  const next = (at: number) => {
    const value = args[at];
    if (value === undefined) throw faults.syntax();
    return value;
  };
  const readers: Readonly<Record<string, (at: number) => number>> = {
    asc: () => ((options.descending = false), 0),
    desc: () => ((options.descending = true), 0),
    alpha: () => ((options.alphabetic = true), 0),
    limit(at) {
      [options.offset, options.count] = [integerOf(next(at)), integerOf(next(at + 1))];
      return 2;
    },
    by(at) {
      options.by = foreign(session, 'BY', next(at));
      return 1;
    },
    get: (at) => options.get.push(foreign(session, 'GET', next(at))) && 1,
    ...(mayStore ? { store: (at: number) => ((options.store = next(at)), 1) } : {}),
  };
  for (let at = 0; at < args.length; at++) {
    const read = readers[(args[at] ?? '').toLowerCase()];
    if (!read) throw faults.syntax();
    at += read(at + 1);
  }
  return options;
}

/** A pattern that names other keys, which nobody has checked: it is for those who may read all of them. */
function foreign({ node, user }: Session, option: 'BY' | 'GET', pattern: string): string {
  if (pattern === '#' || !pattern.includes('*')) return pattern;
  if (node.cluster) throw faults.error(`${option} option of SORT denied in cluster mode.`);
  if (user?.mayReadAllKeys === true) return pattern;
  throw faults.error(`${option} option of SORT denied due to insufficient ACL permissions.`);
}

function itemsOf(space: Keyspace, key: string): string[] {
  const value = space.find(key)?.value;
  if (value === undefined) return [];
  if (value instanceof ListValue) return value.items.slice(0, value.size);
  if (value instanceof SetValue) return [...value.members.keys()];
  if (value instanceof SortedSet) return value.all().map(({ member }) => member);
  throw faults.wrongType();
}

/** What `pattern` names for an item: `weight_*`, or `object_*->field`. */
function lookUp(space: Keyspace, pattern: string, item: string): string | undefined {
  if (pattern === '#') return item;
  const star = pattern.indexOf('*');
  if (star < 0) return undefined;
  const arrow = pattern.indexOf('->', star);
  const isField = arrow >= 0 && arrow + 2 < pattern.length;
  const key = pattern.slice(0, star) + item + pattern.slice(star + 1, isField ? arrow : undefined);
  const value = space.find(key)?.value;
  if (isField) return value instanceof HashValue ? value.get(pattern.slice(arrow + 2)) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function inOrder(space: Keyspace, items: string[], { by, alphabetic, descending }: Options): string[] {
  if (by !== undefined && !by.includes('*')) return items;
  const weights = items.map((item) => ({ item, weight: by === undefined ? item : lookUp(space, by, item) }));
  const sign = descending ? -1 : 1;
  const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  if (alphabetic) {
    weights.sort((a, b) => sign * compareTexts(a.weight ?? '', b.weight ?? ''));
    return weights.map(({ item }) => item);
  }
  const numbers = weights.map(({ item, weight }) => {
    const number = weight === undefined ? 0 : floatOrUndefined(weight);
    if (number === undefined) throw faults.error("One or more scores can't be converted into double");
    return { item, number };
  });
  numbers.sort((a, b) => sign * (a.number - b.number || compareTexts(a.item, b.item)));
  return numbers.map(({ item }) => item);
}

function sorting(mayStore: boolean): (session: Session, args: string[]) => Reply {
  return (session, [key = '', ...args]) => {
    const { space } = session;
    const options = optionsOf(session, args, mayStore);
    const all = inOrder(space, itemsOf(space, key), options);
    const from = Math.max(0, options.offset);
    const items = all.slice(from, options.count < 0 ? undefined : from + options.count);
    const { get, store } = options;
    const found =
      get.length === 0
        ? items
        : items.flatMap((item) => get.map((pattern) => lookUp(space, pattern, item) ?? null));
    if (store === undefined) return found;
    if (found.length === 0) space.remove(store);
    else space.set(store, new ListValue(found.map((item) => item ?? '')));
    return found.length;
  };
}

/** The key, and whatever the answer could be stored in: all that follows the word, so that none goes unchecked. */
function keysOfSort(args: readonly string[]): readonly string[] {
  const targets = args.filter((_, at) => at > 1 && args[at - 1]?.toLowerCase() === 'store');
  return [...args.slice(0, 1), ...targets];
}

export const sortingCommands: readonly Command[] = [
  command(
    'sort',
    -2,
    { topic: 'keyspace', flags: 'write denyoom dangerous', findKeys: keysOfSort },
    sorting(true),
  ),
  command('sort_ro', -2, { topic: 'keyspace', flags: 'readonly dangerous', keys: oneKey }, sorting(false)),
];
