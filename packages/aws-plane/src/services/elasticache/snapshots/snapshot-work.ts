// Making snapshots: the record first, then the copy of the data.
import type { CacheEngine } from '@pergola/engines';
import type { Call } from '../../../call.ts';
import { homeOf, type Tag } from '../access.ts';
import { faults } from '../faults.ts';
import { arnOf, type Kind, serverlessSnapshots } from '../kinds.ts';
import type { StoredCache, StoredSnapshot } from '../records.ts';
import { readRecord, writeRecord } from '../state.ts';
import { withTags } from '../tags.ts';

interface NewSnapshot {
  readonly name: string;
  readonly tags: readonly Tag[] | undefined;
  readonly clusterId?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly source?: StoredSnapshot['source'];
}

/** Where snapshots are kept; every call has it. */
export type SnapshotsAt = Pick<Call, 'plane' | 'account' | 'region'>;

export async function writeNewSnapshot(
  call: SnapshotsAt,
  kind: Kind<StoredSnapshot>,
  cache: StoredCache,
  { name, tags, ...rest }: NewSnapshot,
): Promise<StoredSnapshot> {
  const home = homeOf(call);
  const { authTokens: _, places: __, ...kept } = cache;
  const snapshot: StoredSnapshot = {
    name,
    arn: arnOf(home, kind.noun, name),
    tags: withTags({}, tags),
    of: cache.kind,
    dataId: `${kind.noun}-${name}-${call.plane.random.text(8, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
    status: 'creating',
    source: 'manual',
    createdAt: new Date(call.plane.clock.nowMs()).toISOString(),
    bytes: 0,
    cache: kept,
    ...rest,
  };
  await call.plane.store.transact((tx) => {
    if (readRecord(tx, kind, home, name)) {
      throw kind === serverlessSnapshots
        ? faults.serverlessSnapshotExists(name)
        : faults.snapshotExists(name);
    }
    writeRecord(tx, kind, home, snapshot);
  });
  return snapshot;
}

/** Copies the data; the snapshot is then available, or failed. */
export async function takeSnapshot(
  call: SnapshotsAt,
  kind: Kind<StoredSnapshot>,
  { name, dataId }: StoredSnapshot,
  engine: Pick<CacheEngine, 'snapshot'>,
): Promise<void> {
  const home = homeOf(call);
  const finish = (patch: Partial<StoredSnapshot>) =>
    call.plane.store.transact((tx) => {
      const found = readRecord(tx, kind, home, name);
      if (found?.dataId === dataId) writeRecord(tx, kind, home, { ...found, ...patch });
    });
  try {
    await finish({ status: 'available', bytes: await engine.snapshot(dataId) });
  } catch (error) {
    await finish({ status: 'failed' });
    throw error;
  }
}
