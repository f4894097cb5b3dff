// What an earlier process left: databases that ran are started again, and what it had begun is ended.
import { clusters, clusterSnapshots, instances, snapshots } from '../kinds.ts';
import type { StoredInstance, StoredSnapshot } from '../records.ts';
import { homesOf, listRecords, readRecord, writeRecord } from '../state.ts';
import { applyChanges } from '../instances/apply-changes.ts';
import { leave } from '../instances/leave.ts';
import {
  type Database,
  type DatabaseAt,
  findDatabase,
  isCluster,
  kindOf,
  ownerOf,
  patchDatabase,
} from './databases.ts';
import type { EngineDesk } from './engine-desk.ts';
import { bringUp, reopen, remove, start } from './lifecycle.ts';

/** Those that ran are `starting` when this resolves; the work itself is queued and not waited for. */
export async function takeUp(desk: EngineDesk): Promise<void> {
  const { store, engines } = desk.plane;
  if (!engines) return;
  const found = (['cluster', 'instance'] as const).flatMap((as) =>
    homesOf(store, kindOf(as).table).flatMap((home) =>
      listRecords(store, kindOf(as).table, home).map((database) => ({ as, home, database })),
    ),
  );
  if (found.length === 0) return;
  await store.transact((tx) => {
    for (const { as, home, database } of found) {
      if (asTheyAre.has(database.status) && !isTriedAgain(database)) continue;
      writeRecord(tx, kindOf(as).table, home, { ...database, status: 'starting' });
    }
  });
  for (const { as, home, database } of found)
    takeUpOne(desk, { as, home, resourceId: database.resourceId }, database);
  failUnfinished(desk);
}

/** One that ran once and then failed has its data: another start may go better. */
function isTriedAgain({ status, place }: Database): boolean {
  return status === 'failed' && place !== undefined;
}

/** What these were about is ended as it was begun. */
const asTheyAre: ReadonlySet<string> = new Set(['creating', 'deleting', 'stopped', 'stopping', 'failed']);

function takeUpOne(desk: EngineDesk, at: DatabaseAt, database: Database): void {
  const owner = ownerOf(desk.plane.store, at.home, database);
  const shared = owner !== undefined && owner.resourceId !== database.resourceId;
  const queue = owner?.resourceId ?? database.resourceId;
  void desk.queue(queue, () =>
    shared ? followOwner(desk, at, database as StoredInstance) : resume(desk, at, database),
  );
}

async function resume(desk: EngineDesk, at: DatabaseAt, database: Database): Promise<void> {
  switch (database.status) {
    case 'creating':
      return bringUp(desk, at);
    case 'deleting':
      return remove(desk, at);
    case 'failed':
      if (isTriedAgain(database)) await start(desk, at);
      return;
    case 'stopped':
      await reopen(desk, at, database);
      return;
    case 'stopping':
      await reopen(desk, at, database);
      return patchDatabase(desk.plane, at, { status: 'stopped' });
    default:
      await start(desk, at);
      if (!isCluster(database) && database.applying) await applyChanges(desk, at);
  }
}

/** One without a server of its own is what that of its owner makes it. */
async function followOwner(desk: EngineDesk, at: DatabaseAt, instance: StoredInstance): Promise<void> {
  if (instance.status === 'deleting') return leave(desk, at, instance);
  if (instance.status === 'stopped' || instance.status === 'failed') return;
  if (instance.applying) await applyChanges(desk, at);
  const owner = ownerOf(desk.plane.store, at.home, instance);
  const runs = owner !== undefined && desk.engine(owner.resourceId)?.isRunning === true;
  const stopped = owner !== undefined && findDatabase(desk.plane.store, owner)?.status === 'stopped';
  const status = stopped ? 'stopped' : 'failed';
  await patchDatabase(desk.plane, at, { status: runs ? 'available' : status });
}

/** A snapshot whose copy was under way is not whole. */
function failUnfinished({ plane }: EngineDesk): void {
  const kinds = [snapshots, clusterSnapshots];
  const unfinished = kinds.flatMap((kind) =>
    homesOf(plane.store, kind.table).flatMap((home) =>
      listRecords(plane.store, kind.table, home)
        .filter(
          ({ status, type, sourceName }) =>
            status === 'creating' && !isFinalOf(plane.store, home, { type, sourceName }),
        )
        .map((snapshot) => ({ kind, home, snapshot })),
    ),
  );
  if (unfinished.length === 0) return;
  void plane.store.transact((tx) => {
    for (const { kind, home, snapshot } of unfinished) {
      const now = readRecord(tx, kind.table, home, snapshot.name);
      if (now?.status === 'creating') writeRecord(tx, kind.table, home, { ...now, status: 'failed' });
    }
  });
}

type Reader = EngineDesk['plane']['store'];

/** A final snapshot is made again with the deletion that it belongs to. */
function isFinalOf(
  store: Reader,
  home: Parameters<typeof readRecord>[2],
  { sourceName }: Pick<StoredSnapshot, 'type' | 'sourceName'>,
): boolean {
  const source =
    readRecord(store, instances.table, home, sourceName) ??
    readRecord(store, clusters.table, home, sourceName);
  return source?.status === 'deleting';
}
