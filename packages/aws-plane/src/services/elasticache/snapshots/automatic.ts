// The snapshots that a cache gives by itself, day by day. They end with it.
import type { PlaneContext } from '../../../plane-context.ts';
import { snapshots } from '../kinds.ts';
import type { StoredCache, StoredSnapshot } from '../records.ts';
import { deleteRecord, type Home, listRecords } from '../state.ts';

export function automaticOf(plane: PlaneContext, home: Home, cache: StoredCache): StoredSnapshot[] {
  return listRecords(plane.store, snapshots, home).filter(
    (each) => each.source === 'automated' && each.cache.engineId === cache.engineId,
  );
}

/** Removes a cache's own snapshots but for the `kept` newest. */
export async function dropAutomatic(
  plane: PlaneContext,
  home: Home,
  cache: StoredCache,
  kept: number,
): Promise<void> {
  const newestFirst = automaticOf(plane, home, cache).toSorted((a, b) =>
    a.createdAt < b.createdAt ? 1 : -1,
  );
  for (const { name, dataId } of newestFirst.slice(kept)) {
    await plane.store.transact((tx) => deleteRecord(tx, snapshots, home, name));
    await plane.engines?.removeSnapshot(dataId);
  }
}
