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

/** One page of `all`, which is in a stable order. The marker is opaque: it holds the key of the last item given. */
export function pageOf<T>(all: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const after = request.Marker === undefined ? undefined : decodeMarker(request.Marker);
  const start = after === undefined ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  if (after !== undefined && start === 0) throw faults.validation('Invalid Marker.');
  const items = all.slice(start, start + (request.MaxItems ?? PAGE_ITEMS));
  const last = items.at(-1);
  if (start + items.length >= all.length || last === undefined) return { items, IsTruncated: false };
  return { items, IsTruncated: true, Marker: Buffer.from(keyOf(last)).toString('base64url') };
}

function decodeMarker(marker: string): string {
  return Buffer.from(marker, 'base64url').toString('utf8');
}
