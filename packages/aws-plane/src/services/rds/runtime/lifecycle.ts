// The life of a database: made, started, stopped, ended. Each step shows the status that RDS shows, and `available` never
// before the server takes connections.
import type { DatabaseEngine } from '@pergola/engines';
import { assert } from '@pergola/kernel';
import type { Transaction } from '@pergola/store';
import { deleteRecord, type Home, readRecord, writeRecord } from '../state.ts';
import { dropAutomated } from '../snapshots/automated.ts';
import { addSnapshot, finishSnapshot } from '../snapshots/snapshot-work.ts';
import { applyTokenCheck } from '../logins/token-logins.ts';
import {
  type Database,
  type DatabaseAt,
  engineSettings,
  findDatabase,
  isCluster,
  kindOf,
  parametersFor,
  patchDatabase,
  tell,
} from './databases.ts';
import type { EngineDesk } from './engine-desk.ts';
import { forgetPassword, keptPassword } from './passwords.ts';
import { instances } from '../kinds.ts';

type MemberStatus = 'available' | 'stopped' | 'failed';

const noun = ({ as }: DatabaseAt) => (as === 'cluster' ? 'DB cluster' : 'DB instance');

/** What could not be done to its server leaves a database `failed`, with an event that says why. */
async function showFailed(desk: EngineDesk, at: DatabaseAt, what: string, error: unknown): Promise<void> {
  // With the process everything ends: the next one takes it up.
  if (desk.closed) return;
  const { plane } = desk;
  plane.logger.error({ error, resourceId: at.resourceId }, `a database could not be ${what}`);
  const because = error instanceof Error ? error.message : String(error);
  const message = `${noun(at)} could not be ${what}: ${because}`;
  await patchDatabase(plane, at, { status: 'failed' }, { message, categories: ['failure'] });
  await showMembers(desk, at, 'failed');
}

/** Makes the server of a new database, or of one restored, and says `available` when it takes connections. */
export async function bringUp(desk: EngineDesk, at: DatabaseAt): Promise<void> {
  const { plane } = desk;
  const database = findDatabase(plane.store, at);
  if (!database || database.status !== 'creating') return;
  try {
    const engine = await makeEngine(desk, at, database);
    desk.keep(database.resourceId, engine);
    await applyTokenCheck(desk, at.home, database, engine);
    await patchDatabase(
      plane,
      at,
      { place: engine.place, status: 'available', parametersStatus: 'in-sync' },
      {
        message: `${noun(at)} ${database.restoredFrom === undefined ? 'created' : 'restored from snapshot'}`,
        categories: ['creation'],
      },
    );
    await plane.store.transact((tx) => forgetPassword(tx, at.home, database.resourceId));
    await endRestore(desk, at, database);
    // Nobody waits for it, nor what others have queued already.
    if (database.settings.backupDays > 0) void desk.queue(database.resourceId, () => backUp(desk, at));
  } catch (error) {
    await showFailed(desk, at, 'created', error);
  }
}

async function makeEngine(
  desk: EngineDesk,
  { home }: DatabaseAt,
  database: Database,
): Promise<DatabaseEngine> {
  const { plane, host } = desk;
  const password = keptPassword(plane.store, home, database.resourceId);
  const settings = engineSettings(plane, home, database, password);
  // An earlier process may have come this far.
  const known = await host.openDatabase(settings);
  if (known) {
    await known.start();
    if (password !== undefined) await known.setMasterPassword(password);
    return known;
  }
  if (database.restoredFrom !== undefined) return host.restoreDatabase(settings, database.restoredFrom);
  return host.createDatabase(settings);
}

/** A copy made only for this restore has done its work. */
async function endRestore(desk: EngineDesk, at: DatabaseAt, database: Database): Promise<void> {
  if (!database.restoredOnce || database.restoredFrom === undefined) return;
  await desk.host.removeSnapshot(database.restoredFrom);
  await patchDatabase(desk.plane, at, { restoredOnce: undefined, restoredFrom: undefined });
}

/** The first automated snapshot. The database stays as it is: taking it hinders nobody. */
async function backUp(desk: EngineDesk, at: DatabaseAt): Promise<void> {
  if (!desk.engine(at.resourceId) || findDatabase(desk.plane.store, at)?.status === 'deleting') return;
  const made = await addSnapshot(desk, at, { type: 'automated' });
  if (!made) return;
  await finishSnapshot(desk, at, made);
  const event = { message: `Finished ${noun(at)} backup`, categories: ['backup'] };
  await patchDatabase(desk.plane, at, {}, event);
}

/** The engine of a database that an earlier process ran or stopped; undefined when its data is gone. */
export async function reopen(
  desk: EngineDesk,
  at: DatabaseAt,
  database: Database,
): Promise<DatabaseEngine | undefined> {
  const known = desk.engine(database.resourceId);
  if (known) return known;
  const engine = await desk.host.openDatabase(engineSettings(desk.plane, at.home, database));
  if (engine) desk.keep(database.resourceId, engine);
  return engine;
}

/** Starts what is stopped; its status has been set to `starting`. */
export async function start(desk: EngineDesk, at: DatabaseAt): Promise<void> {
  const { plane } = desk;
  const database = findDatabase(plane.store, at);
  if (!database || database.status === 'deleting') return;
  try {
    const engine = await reopen(desk, at, database);
    assert(engine, 'the data of a database is there');
    await engine.setParameters(parametersFor(plane, at.home, database));
    if (!engine.isRunning) await engine.start();
    await applyPassword(desk, at, database, engine);
    await applyTokenCheck(desk, at.home, database, engine);
    await patchDatabase(
      plane,
      at,
      { place: engine.place, status: 'available', parametersStatus: 'in-sync' },
      {
        message: `${noun(at)} started`,
        categories: ['notification'],
      },
    );
    await showMembers(desk, at, 'available');
  } catch (error) {
    await showFailed(desk, at, 'started', error);
  }
}

/** Sets the password that is on its way, if there is one. */
async function applyPassword(
  desk: EngineDesk,
  { home }: DatabaseAt,
  { resourceId }: Database,
  engine: DatabaseEngine,
): Promise<void> {
  const password = keptPassword(desk.plane.store, home, resourceId);
  if (password === undefined) return;
  await engine.setMasterPassword(password);
  await desk.plane.store.transact((tx) => {
    if (keptPassword(tx, home, resourceId) === password) forgetPassword(tx, home, resourceId);
  });
}

/** Stops it; its status has been set to `stopping`. */
export async function stop(desk: EngineDesk, at: DatabaseAt): Promise<void> {
  const { plane } = desk;
  try {
    await desk.engine(at.resourceId)?.stop();
  } catch (error) {
    await showFailed(desk, at, 'stopped', error);
    return;
  }
  if (desk.closed) return;
  await patchDatabase(
    plane,
    at,
    { status: 'stopped' },
    { message: `${noun(at)} stopped`, categories: ['notification'] },
  );
  await showMembers(desk, at, 'stopped');
}

/** Ends connections and starts the server anew, with all parameters in force. */
export async function reboot(desk: EngineDesk, at: DatabaseAt): Promise<void> {
  const { plane } = desk;
  const database = findDatabase(plane.store, at);
  const engine = desk.engine(at.resourceId);
  if (!database || !engine) return;
  try {
    await engine.setParameters(parametersFor(plane, at.home, database));
    await engine.stop();
    await engine.start();
  } catch (error) {
    await showFailed(desk, at, 'restarted', error);
    return;
  }
  await patchDatabase(
    plane,
    at,
    { status: 'available', place: engine.place, parametersStatus: 'in-sync' },
    {
      message: `${noun(at)} restarted`,
      categories: ['availability'],
    },
  );
  await showMembers(desk, at, 'available');
}

/** The members of a cluster follow it. */
export async function showMembers(desk: EngineDesk, at: DatabaseAt, status: MemberStatus): Promise<void> {
  const database = findDatabase(desk.plane.store, at);
  if (!database || !isCluster(database)) return;
  await desk.plane.store.transact((tx) => {
    for (const name of database.members) setMemberStatus(tx, at.home, name, status);
  });
}

function setMemberStatus(tx: Transaction, home: Home, name: string, status: MemberStatus): void {
  const member = readRecord(tx, instances.table, home, name);
  if (!member || member.status === 'deleting') return;
  writeRecord(tx, instances.table, home, { ...member, status, parametersStatus: 'in-sync' });
}

/** Ends it and its data, after the snapshot that was asked for; its status has been set to `deleting`. */
export async function remove(desk: EngineDesk, at: DatabaseAt): Promise<void> {
  const { plane } = desk;
  const database = findDatabase(plane.store, at);
  if (!database) return;
  const engine = await reopen(desk, at, database);
  if (database.finalSnapshot !== undefined) {
    const made = await addSnapshot(desk, at, { type: 'manual', name: database.finalSnapshot });
    if (made) await finishSnapshot(desk, at, made);
  }
  await engine?.remove();
  desk.forget(database.resourceId);
  if (!database.keepsBackups) await dropAutomated(desk, at);
  await plane.store.transact((tx) => {
    deleteRecord(tx, kindOf(at.as).table, at.home, database.name);
    forgetPassword(tx, at.home, database.resourceId);
    tell(
      plane,
      tx,
      { ...at, name: database.name },
      { message: `${noun(at)} deleted`, categories: ['deletion'] },
    );
  });
}
