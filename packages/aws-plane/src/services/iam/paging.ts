// Pages of a list: Marker, MaxItems, IsTruncated, as every IAM list has them.
import { faults } from './faults.ts';

interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

const PAGE_ITEMS = 100;

/**
 * One page of `all`, which is in a stable order. The marker is opaque: it holds the place and the key of the last
 * item given, so that a walk goes on where it was when items come and go meanwhile.
 */
export function pageOf<T>(all: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const start = request.Marker === undefined ? 0 : startAfter(all, keyOf, request.Marker);
  const end = start + (request.MaxItems ?? PAGE_ITEMS);
  const items = all.slice(start, end);
  const last = items.at(-1);
  if (end >= all.length || last === undefined) return { items, IsTruncated: false };
  return { items, IsTruncated: true, Marker: Buffer.from(`${end}:${keyOf(last)}`).toString('base64url') };
}

function startAfter<T>(all: readonly T[], keyOf: (item: T) => string, marker: string): number {
  const match = /^(\d{1,9}):(.+)$/s.exec(Buffer.from(marker, 'base64url').toString('utf8'));
  if (!match) throw faults.validation('Invalid Marker.');
  const found = all.findIndex((item) => keyOf(item) === match[2]);
  // Without the item itself, what came after it has moved up into its place.
  return found < 0 ? Number(match[1]) - 1 : found + 1;
}
