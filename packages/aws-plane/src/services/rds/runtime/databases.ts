// Instances and clusters as what they have in common: owners of an engine. Finds them by the id that stays, changes
// them, and tells what their server is told.
import type { DatabaseSettings } from '@pergola/engines';
import type { PlaneContext } from '../../../plane-context.ts';
import { arnOf } from '../arn.ts';
import { engineOf } from '../catalogue/engines.ts';
import { addEvent } from '../events/events.ts';
import { clusterParameterGroups, clusters, find, instances, type Kind, parameterGroups } from '../kinds.ts';
import { engineParameters } from '../parameters/engine-parameters.ts';
import { findGroup } from '../parameters/groups.ts';
import type { StoredCluster, StoredInstance } from '../records.ts';
import { type Home, listRecords, writeRecord } from '../state.ts';
import type { Reader, Transaction } from '@pergola/store';

/** Where a database is: as what, in which account and region, under which id. */
export interface DatabaseAt {
  readonly as: 'instance' | 'cluster';
  readonly home: Home;
  readonly resourceId: string;
}

export type Database = StoredInstance | StoredCluster;

export function isCluster(database: Database): database is StoredCluster {
  return 'members' in database;
}

export function kindOf(as: DatabaseAt['as']): Kind<Database> {
  return as === 'cluster' ? clusters : instances;
}

/** By its id, whatever it is called now. */
export function findDatabase(reader: Reader, { as, home, resourceId }: DatabaseAt): Database | undefined {
  return listRecords<Database>(reader, kindOf(as).table, home).find((one) => one.resourceId === resourceId);
}

/** Both kinds have these; the rest of each is its own. */
type Patch = Partial<Pick<StoredInstance & StoredCluster, 'place' | 'secret' | 'parametersStatus'>> & {
  readonly status?: StoredInstance['status'];
  readonly restoredFrom?: undefined;
  readonly restoredOnce?: undefined;
};

/**
 * Changes it in one transaction, with an event when one is given. Does nothing when it is gone; one that is being
 * deleted stays `deleting`, whatever ended meanwhile.
 */
export async function patchDatabase(
  plane: PlaneContext,
  at: DatabaseAt,
  patch: Patch,
  event?: EventText,
): Promise<void> {
  await plane.store.transact((tx) => {
    const database = findDatabase(tx, at);
    if (!database) return;
    const status = database.status === 'deleting' ? database.status : (patch.status ?? database.status);
    writeRecord(tx, kindOf(at.as).table, at.home, { ...database, ...patch, status });
    if (event) tell(plane, tx, { ...at, name: database.name }, event);
  });
}

export interface EventText {
  readonly message: string;
  readonly categories: readonly string[];
}

/** Notes an event of an instance or cluster. */
export function tell(
  { clock }: PlaneContext,
  tx: Transaction,
  at: Pick<DatabaseAt, 'as' | 'home'> & { readonly name: string },
  { message, categories }: EventText,
): void {
  const { as, home, name } = at;
  addEvent(tx, home, {
    source: name,
    sourceType: as === 'cluster' ? 'db-cluster' : 'db-instance',
    sourceArn: arnOf(home, as === 'cluster' ? 'cluster' : 'db', name),
    message,
    categories,
    atMs: clock.nowMs(),
  });
}

/** What the server is told. An empty password leaves the one that it has. */
export function engineSettings(
  plane: PlaneContext,
  home: Home,
  database: Database,
  password = '',
): DatabaseSettings {
  const { server } = engineOf(database.engine);
  const { version, port } = database.settings;
  return {
    id: database.resourceId.toLowerCase(),
    engine: server,
    version: server === 'postgres' ? (version.split('.')[0] ?? version) : version,
    port,
    master: { user: database.masterUser, password },
    database: database.database,
    parameters: parametersFor(plane, home, database),
  };
}

/** From the database's groups. A cluster takes those of its writer too. */
export function parametersFor(
  plane: PlaneContext,
  home: Home,
  database: Database,
): Readonly<Record<string, string>> {
  const { store } = plane;
  const { port } = database.settings;
  if (!isCluster(database)) {
    const { instanceClass, storageGb, parameterGroup } = database.settings;
    const group = findGroup(store, parameterGroups, home, parameterGroup);
    return engineParameters(group ? [group] : [], { instanceClass, storageGb, port });
  }
  const writer =
    database.members[0] === undefined ? undefined : find(store, instances, home, database.members[0]);
  const groups = [
    findGroup(store, clusterParameterGroups, home, database.settings.parameterGroup),
    writer && findGroup(store, parameterGroups, home, writer.settings.parameterGroup),
  ].filter((group) => group !== undefined);
  return engineParameters(groups, {
    instanceClass: writer?.settings.instanceClass ?? '',
    storageGb: 1,
    port,
  });
}

/** Members of clusters and read replicas have no engine of their own: they share that of another. */
export function ownerOf(reader: Reader, home: Home, database: Database): DatabaseAt | undefined {
  if (isCluster(database)) return { as: 'cluster', home, resourceId: database.resourceId };
  if (database.clusterName !== undefined) {
    const cluster = find(reader, clusters, home, database.clusterName);
    return cluster && { as: 'cluster', home, resourceId: cluster.resourceId };
  }
  if (database.sourceName !== undefined) {
    const source = find(reader, instances, home, database.sourceName);
    return source && ownerOf(reader, home, source);
  }
  return { as: 'instance', home, resourceId: database.resourceId };
}
