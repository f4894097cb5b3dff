// Pages of the Describe operations, and finding by id.
import { faults } from './faults.ts';
import type { IdPrefix } from './home.ts';

interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

const LEAST = 5;
const MOST = 1000;

/** One page of `all`, which is in the order of ids. Without MaxResults: all. The token is the last id that was given. */
export function pageOf<T extends { readonly id: string }>(
  all: readonly T[],
  { MaxResults, NextToken }: PageRequest,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  if (MaxResults !== undefined && (MaxResults < LEAST || MaxResults > MOST))
    throw faults.invalidMaxResults(MaxResults, MOST);
  const after = NextToken === undefined ? '' : lastIdOf(NextToken);
  const rest = after === '' ? all : all.filter(({ id }) => id > after);
  const items = rest.slice(0, MaxResults ?? MOST);
  const last = items.at(-1);
  if (!last || items.length === rest.length) return { items };
  return { items, NextToken: Buffer.from(`after:${last.id}`).toString('base64url') };
}

function lastIdOf(token: string): string {
  const match = /^after:([a-z]+-[0-9a-f]+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (!match?.[1]) throw faults.invalidToken();
  return match[1];
}

/** Those with the ids that are asked for, or all. Throws for an id that no resource has. */
export function withIds<T extends { readonly id: string }>(
  all: readonly T[],
  prefix: IdPrefix,
  ids: readonly string[] | undefined,
): readonly T[] {
  if (!ids || ids.length === 0) return all;
  const known = new Map(all.map((one) => [one.id, one]));
  for (const id of ids) {
    if (!id.startsWith(`${prefix}-`)) throw faults.malformedId(prefix, id);
    if (!known.has(id)) throw faults.notFound(prefix, id);
  }
  const wanted = new Set(ids);
  return all.filter(({ id }) => wanted.has(id));
}
