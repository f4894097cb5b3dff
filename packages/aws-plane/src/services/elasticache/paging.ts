// Pages of a list: Marker and MaxRecords, as most lists of ElastiCache have them.
import { faults } from './faults.ts';

export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxRecords?: number | undefined;
}

const PAGE_RECORDS = 100;
const LEAST_RECORDS = 20;

/**
 * One page of `all`, which is in a stable order. The marker is opaque: the place and the key of the last item given, so
 * that a walk goes on where it was when items come and go meanwhile.
 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { Marker, MaxRecords = PAGE_RECORDS }: PageRequest,
): { readonly items: T[]; readonly Marker: string | undefined } {
  if (MaxRecords < LEAST_RECORDS || MaxRecords > PAGE_RECORDS) {
    throw faults.invalidValue(
      `Invalid value ${MaxRecords} for MaxRecords. Must be between ${LEAST_RECORDS} and ${PAGE_RECORDS}`,
    );
  }
  return sliceOf(all, keyOf, { Marker, count: MaxRecords });
}

/** As `pageOf`, for the lists that count from 1. */
export function sliceOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { Marker, count }: { readonly Marker?: string | undefined; readonly count: number },
): { readonly items: T[]; readonly Marker: string | undefined } {
  const start = Marker === undefined || Marker === '' ? 0 : startAfter(all, keyOf, Marker);
  const items = all.slice(start, start + count);
  const last = items.at(-1);
  if (start + count >= all.length || last === undefined) return { items, Marker: undefined };
  return { items, Marker: Buffer.from(`${start + count}:${keyOf(last)}`).toString('base64url') };
}

function startAfter<T>(all: readonly T[], keyOf: (item: T) => string, marker: string): number {
  const [, place, key] = /^(\d{1,9}):(.+)$/s.exec(Buffer.from(marker, 'base64url').toString('utf8')) ?? [];
  if (place === undefined) throw faults.invalidValue(`Invalid Marker: ${marker}`);
  const found = all.findIndex((item) => keyOf(item) === key);
  // Without the item itself, what came after it has moved up into its place.
  return found < 0 ? Number(place) - 1 : found + 1;
}
