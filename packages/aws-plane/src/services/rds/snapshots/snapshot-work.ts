// Snapshots being made: the record first, as `creating`, then the copy of the data.
import { alphabets } from '@pergola/kernel';
import type { Transaction } from '@pergola/store';
import { addEvent } from '../events/events.ts';
import { arnOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { clusterSnapshots, find, type Kind, snapshots, subnetGroups } from '../kinds.ts';
import type { StoredSnapshot } from '../records.ts';
import { type Home, listRecords, readRecord, type TagMap, writeRecord } from '../state.ts';
import { type Database, type DatabaseAt, findDatabase, isCluster, ownerOf } from '../runtime/databases.ts';
import type { EngineDesk } from '../runtime/engine-desk.ts';
import { DEFAULT_GROUP } from '../networks/network.ts';

export interface NewSnapshot {
  readonly type: 'manual' | 'automated';
  /** Default: RDS's name for an automated one. */
  readonly name?: string | undefined;
  readonly tags?: TagMap | undefined;
}

export const MANUAL_MAX = 100;

export function snapshotKind(as: DatabaseAt['as']): Kind<StoredSnapshot> {
  return as === 'cluster' ? clusterSnapshots : snapshots;
}

export function drawDataId(desk: EngineDesk): string {
  return `snapshot-${desk.plane.random.text(20, alphabets.lowerAlphanumeric)}`;
}

/** RDS's name for an automated snapshot. */
function automatedName({ name }: Database, atMs: number): string {
  return `rds:${name}-${new Date(atMs).toISOString().slice(0, 16).replace(/[T:]/g, '-')}`;
}

/** Writes the record of a snapshot to be; its name must be free. */
export function putSnapshot(
  tx: Transaction,
  at: DatabaseAt,
  database: Database,
  made: NewSnapshot & { readonly name: string; readonly dataId: string; readonly atMs: number },
): StoredSnapshot {
  const kind = snapshotKind(at.as);
  const createdAt = new Date(made.atMs).toISOString();
  const { settings } = database;
  const group = find(tx, subnetGroups, at.home, settings.subnetGroup);
  return writeRecord(tx, kind.table, at.home, {
    name: made.name,
    tags: made.tags ?? (settings.copyTags ? database.tags : {}),
    dataId: made.dataId,
    createdAt,
    originalCreatedAt: createdAt,
    status: 'creating',
    type: made.type,
    sourceName: database.name,
    sourceResourceId: database.resourceId,
    sourceCreatedAt: database.createdAt,
    engine: database.engine,
    masterUser: database.masterUser,
    database: database.database,
    encrypted: database.encrypted,
    kmsKeyId: database.kmsKeyId,
    version: settings.version,
    port: settings.port,
    iamAuth: settings.iamAuth,
    vpcId: settings.subnetGroup === DEFAULT_GROUP ? undefined : group?.vpcId,
    sharedWith: [],
    ...ofKind(database),
  });
}

function ofKind(database: Database) {
  if (isCluster(database)) {
    const { zones, storageType } = database.settings;
    return { storageGb: 1, storageType, zones, license: 'postgresql-license' };
  }
  const { storageGb, storageType, iops, throughput, zone, license, optionGroup } = database.settings;
  return { storageGb, storageType, iops, throughput, zones: [zone], license, optionGroup };
}

/** Throws when the name is taken or the region has as many manual snapshots as it may. */
export function assertRoom(tx: Transaction, kind: Kind<StoredSnapshot>, home: Home, name: string): void {
  if (readRecord(tx, kind.table, home, name))
    throw kind === snapshots ? faults.snapshotExists(name) : faults.clusterSnapshotExists(name);
  const manual = listRecords(tx, kind.table, home).filter(({ type }) => type === 'manual');
  if (manual.length >= MANUAL_MAX) throw faults.snapshotQuota();
}

/** The record of a snapshot that RDS itself makes; undefined when there is none to make or its name is taken. */
export async function addSnapshot(
  desk: EngineDesk,
  at: DatabaseAt,
  wanted: NewSnapshot,
): Promise<StoredSnapshot | undefined> {
  const { store, clock } = desk.plane;
  const dataId = drawDataId(desk);
  const { value } = await store.transact((tx) => {
    const database = findDatabase(tx, at);
    if (!database) return undefined;
    const kind = snapshotKind(at.as);
    const atMs = clock.nowMs();
    const name = wanted.name ?? automatedName(database, atMs);
    const known = readRecord(tx, kind.table, at.home, name);
    // Interrupted by the end of an earlier process: made again under the same name.
    if (known) return known.status === 'creating' ? known : undefined;
    return putSnapshot(tx, at, database, { ...wanted, name, dataId, atMs });
  });
  return value;
}

/** Copies the data. The snapshot is `failed` when that fails. */
export async function finishSnapshot(
  desk: EngineDesk,
  at: DatabaseAt,
  snapshot: StoredSnapshot,
): Promise<void> {
  const { plane } = desk;
  const kind = snapshotKind(at.as);
  let status: StoredSnapshot['status'] = 'available';
  try {
    const database = findDatabase(plane.store, at);
    const owner = database && ownerOf(plane.store, at.home, database);
    const engine = owner && desk.engine(owner.resourceId);
    if (!engine) throw new Error('the database of the snapshot has no server');
    await engine.snapshot(snapshot.dataId);
  } catch (error) {
    if (desk.closed) return;
    plane.logger.error({ error, snapshot: snapshot.name }, 'a snapshot could not be made');
    status = 'failed';
  }
  await plane.store.transact((tx) => {
    const known = readRecord(tx, kind.table, at.home, snapshot.name);
    if (!known) return;
    writeRecord(tx, kind.table, at.home, { ...known, status });
    tellOfSnapshot(tx, at.home, snapshot, {
      kind,
      atMs: plane.clock.nowMs(),
      message:
        status === 'available'
          ? `${snapshot.type === 'manual' ? 'Manual' : 'Automated'} snapshot created`
          : 'Snapshot failed',
    });
  });
}

export function tellOfSnapshot(
  tx: Transaction,
  home: Home,
  { name, type }: Pick<StoredSnapshot, 'name' | 'type'>,
  what: { readonly kind: Kind<StoredSnapshot>; readonly atMs: number; readonly message: string },
): void {
  const ofCluster = what.kind === clusterSnapshots;
  addEvent(tx, home, {
    source: name,
    sourceType: ofCluster ? 'db-cluster-snapshot' : 'db-snapshot',
    sourceArn: arnOf(home, what.kind.arnType, name),
    message: what.message,
    categories: [ofCluster ? 'backup' : type === 'manual' ? 'creation' : 'backup'],
    atMs: what.atMs,
  });
}
