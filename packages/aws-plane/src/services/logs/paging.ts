// Pages of lists that are sorted by a name: a token holds the name of the last item given.
import { faults } from './faults.ts';
import type { PageTokens } from './page-tokens.ts';

export interface Pager {
  readonly tokens: PageTokens;
  readonly scope: string;
}

export interface NamedList<T> {
  readonly limit: number;
  /** Items in their order, behind the one of that name. */
  readonly list: (after: string | undefined) => readonly T[];
}

export interface NamedPage<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** One page of a list, and the token of the next one if there is more. */
export function pageOfNames<T extends { readonly name: string }>(
  { tokens, scope }: Pager,
  { nextToken }: { readonly nextToken?: string | undefined },
  { limit, list }: NamedList<T>,
): NamedPage<T> {
  const after = nextToken === undefined ? undefined : tokens.open(scope, nextToken);
  if (nextToken !== undefined && typeof after !== 'string') throw faults.invalidToken();
  const all = list(after as string | undefined);
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const more = last !== undefined && all.length > limit;
  return { items, nextToken: more ? tokens.seal(scope, last.name) : undefined };
}

export interface KeyedList<T> {
  readonly all: readonly T[];
  readonly limit: number;
  /** Tells an item from all others; the list is shown in the order of these. */
  readonly keyOf: (item: T) => string;
}

/** One page of a list that may change while it is walked: what stays is shown once. */
export function pageByKey<T>(
  pager: Pager,
  input: { readonly nextToken?: string | undefined },
  { all, limit, keyOf }: KeyedList<T>,
): NamedPage<T> {
  const named = all
    .map((item) => ({ name: keyOf(item), item }))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const { items, nextToken } = pageOfNames(pager, input, {
    limit,
    list: (after) => (after === undefined ? named : named.filter(({ name }) => name > after)),
  });
  return { items: items.map(({ item }) => item), nextToken };
}

const NUMBER_DIGITS = 16;

/** A key that puts higher numbers first. */
export function descendingKey(number: number): string {
  return String(Number.MAX_SAFE_INTEGER - number).padStart(NUMBER_DIGITS, '0');
}

export interface FixedList<T> {
  readonly all: readonly T[];
  readonly limit: number;
  /** Where items may be large: a page ends when they come to PAGE_BYTES together. */
  readonly sizeOf?: (item: T) => number;
}

/** More would be a burden on both sides, and past half a gigabyte no answer at all. */
const PAGE_BYTES = 32 * 1_048_576;

/** One page of a list that does not change while it is walked: a token holds how many items were given. */
export function pageFrom<T>(
  { tokens, scope }: Pager,
  { nextToken }: { readonly nextToken?: string | undefined },
  list: FixedList<T>,
): NamedPage<T> {
  const start = nextToken === undefined ? 0 : tokens.open(scope, nextToken);
  if (typeof start !== 'number') throw faults.invalidToken();
  const end = endOf(list, start);
  const { all } = list;
  return { items: all.slice(start, end), nextToken: end < all.length ? tokens.seal(scope, end) : undefined };
}

/** Where the page ends that begins at `start`: it has one item at least. */
function endOf<T>({ all, limit, sizeOf }: FixedList<T>, start: number): number {
  const most = Math.min(start + Math.max(1, Math.trunc(limit)), all.length);
  if (!sizeOf) return most;
  let sizeBytes = 0;
  for (let at = start; at < most; at++) {
    const item = all[at];
    sizeBytes += item === undefined ? 0 : sizeOf(item);
    if (sizeBytes > PAGE_BYTES) return Math.max(at, start + 1);
  }
  return most;
}
