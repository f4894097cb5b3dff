// Pages of KMS's lists: Limit, Marker, Truncated.
import { faults } from './faults.ts';

interface PageRequest {
  readonly Limit?: number | undefined;
  readonly Marker?: string | undefined;
}

/** One page of `all`, which is in the order of `keyOf`. The marker holds the last key that was given. */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { Limit, Marker }: PageRequest,
  usual: number,
): { readonly items: readonly T[]; readonly Truncated: boolean; readonly NextMarker?: string } {
  const after = Marker === undefined ? undefined : lastKeyOf(Marker);
  const rest = after === undefined ? all : all.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, Limit ?? usual);
  const last = items.at(-1);
  if (last === undefined || items.length === rest.length) return { items, Truncated: false };
  return { items, Truncated: true, NextMarker: Buffer.from(`after:${keyOf(last)}`).toString('base64url') };
}

function lastKeyOf(marker: string): string {
  const match = /^after:(.+)$/s.exec(Buffer.from(marker, 'base64url').toString('utf8'));
  if (!match?.[1]) throw faults.invalidMarker();
  return match[1];
}
