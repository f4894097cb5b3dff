// All caches of a home, whatever their kind.
import type { Reader } from '@pergola/store';
import { cacheKinds } from '../kinds.ts';
import type { StoredCache } from '../records.ts';
import { type Home, listRecords } from '../state.ts';

export function cachesUsing(
  reader: Reader,
  home: Home,
  wanted: (cache: StoredCache) => boolean,
): StoredCache[] {
  return Object.values(cacheKinds).flatMap((kind) => listRecords(reader, kind, home).filter(wanted));
}
