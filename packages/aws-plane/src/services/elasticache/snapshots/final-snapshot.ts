// The last snapshot of a cache that is being deleted.
import type { CacheEngine } from '@pergola/engines';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { faults } from '../faults.ts';
import { snapshots } from '../kinds.ts';
import { identifier } from '../names.ts';
import type { StoredCache } from '../records.ts';
import { readRecord } from '../state.ts';
import { takeSnapshot, writeNewSnapshot } from './snapshot-work.ts';

type Before = (engine: CacheEngine, cache: StoredCache) => Promise<void>;

/** What is done before a cache ends; nothing without a name. Throws when the name is taken. */
export function finalSnapshot(
  call: Call,
  name: string | undefined,
): (cache: StoredCache) => Before | undefined {
  if (name === undefined || name === '') return () => undefined;
  const checked = identifier(name, 'FinalSnapshotIdentifier', 255);
  if (readRecord(call.plane.store, snapshots, homeOf(call), checked)) throw faults.snapshotExists(checked);
  return (cache) => async (engine) => {
    const snapshot = await writeNewSnapshot(call, snapshots, cache, { name: checked, tags: undefined });
    await takeSnapshot(call, snapshots, snapshot, engine);
  };
}
