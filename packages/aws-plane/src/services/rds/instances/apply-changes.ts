// Changes to an instance on their way into force: its server first, then its record.
import { clusters, find, instances, proxies } from '../kinds.ts';
import type { InstanceChanges, StoredInstance } from '../records.ts';
import { type DatabaseAt, type EventText, findDatabase, tell } from '../runtime/databases.ts';
import type { EngineDesk } from '../runtime/engine-desk.ts';
import { forgetPassword, keptPassword } from '../runtime/passwords.ts';
import { tokenCheckOf } from '../logins/token-logins.ts';
import { deleteRecord, type Home, listRecords, readRecord, writeRecord } from '../state.ts';
import type { Transaction } from '@pergola/store';

/** Makes what is laid up in `applying`, and sets the password that is on its way. */
export async function applyChanges(desk: EngineDesk, at: DatabaseAt): Promise<void> {
  const { plane } = desk;
  const instance = findDatabase(plane.store, at) as StoredInstance | undefined;
  if (!instance || instance.status === 'deleting') return;
  const changes = instance.applying ?? {};
  let failure: string | undefined;
  try {
    await changeServer(desk, at, instance, changes);
  } catch (error) {
    if (desk.closed) return;
    plane.logger.error({ error, resourceId: at.resourceId }, 'a database could not be modified');
    failure = error instanceof Error ? error.message : String(error);
  }
  await plane.store.transact((tx) => finish(desk, tx, at, failure));
}

async function changeServer(
  desk: EngineDesk,
  { home }: DatabaseAt,
  instance: StoredInstance,
  changes: InstanceChanges,
): Promise<void> {
  const { store } = desk.plane;
  const engine = desk.engine(instance.resourceId);
  // Members and replicas have no server to change.
  if (!engine) return;
  const password = keptPassword(store, home, instance.resourceId);
  if (password !== undefined) {
    await engine.setMasterPassword(password);
    await store.transact((tx) => {
      if (keptPassword(tx, home, instance.resourceId) === password)
        forgetPassword(tx, home, instance.resourceId);
    });
  }
  if (changes.port !== undefined) await engine.setPort(changes.port);
  if (changes.iamAuth !== undefined)
    await engine.setTokenCheck(changes.iamAuth ? tokenCheckOf(desk, home, instance.resourceId) : undefined);
}

function finish(desk: EngineDesk, tx: Transaction, at: DatabaseAt, serverFailure: string | undefined): void {
  const now = findDatabase(tx, at) as StoredInstance | undefined;
  if (!now) return;
  const failure = serverFailure ?? nameTaken(tx, at.home, now);
  const { name, ...changes } = failure === undefined ? (now.applying ?? {}) : {};
  const { applying: _, ...rest } = now;
  const changed: StoredInstance = {
    ...rest,
    name: name ?? now.name,
    status: now.status === 'deleting' ? now.status : 'available',
    settings: { ...now.settings, ...changes },
    place: desk.engine(now.resourceId)?.place ?? now.place,
    parametersStatus: changes.parameterGroup === undefined ? now.parametersStatus : 'pending-reboot',
  };
  if (changed.name !== now.name) rename(tx, at.home, now, changed.name);
  writeRecord(tx, instances.table, at.home, changed);
  tell(desk.plane, tx, { ...at, name: changed.name }, outcomeOf(failure));
}

function outcomeOf(failure: string | undefined): EventText {
  return failure === undefined
    ? { message: 'Finished applying modification', categories: ['configuration change'] }
    : { message: `Unable to apply the modification: ${failure}`, categories: ['failure'] };
}

/** Another one may have come to the name since it was asked for. */
function nameTaken(tx: Transaction, home: Home, { applying }: StoredInstance): string | undefined {
  const name = applying?.name;
  const taken = name !== undefined && readRecord(tx, instances.table, home, name) !== undefined;
  return taken ? `the identifier ${name} is taken` : undefined;
}

/** Whoever names the instance names it anew. */
function rename(tx: Transaction, home: Home, old: StoredInstance, name: string): void {
  deleteRecord(tx, instances.table, home, old.name);
  const cluster = old.clusterName === undefined ? undefined : find(tx, clusters, home, old.clusterName);
  if (cluster) {
    const members = cluster.members.map((member) => (member === old.name ? name : member));
    writeRecord(tx, clusters.table, home, { ...cluster, members });
  }
  for (const replica of listRecords(tx, instances.table, home))
    if (replica.sourceName === old.name)
      writeRecord(tx, instances.table, home, { ...replica, sourceName: name });
  for (const proxy of listRecords(tx, proxies.table, home)) {
    const targets = proxy.targets.map((target) =>
      target.kind === 'instance' && target.name === old.name ? { ...target, name } : target,
    );
    writeRecord(tx, proxies.table, home, { ...proxy, targets });
  }
}
