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

/** One page of a list that does not change while it is walked: a token holds how many items were given. */
export function pageFrom<T>(
  { tokens, scope }: Pager,
  { nextToken }: { readonly nextToken?: string | undefined },
  { all, limit }: { readonly all: readonly T[]; readonly limit: number },
): NamedPage<T> {
  const start = nextToken === undefined ? 0 : tokens.open(scope, nextToken);
  if (typeof start !== 'number') throw faults.invalidToken();
  const end = start + limit;
  return { items: all.slice(start, end), nextToken: end < all.length ? tokens.seal(scope, end) : undefined };
}
