// Changes to a cluster on their way into force at its server.
import { find, instances } from '../kinds.ts';
import { tokenCheckOf } from '../logins/token-logins.ts';
import type { ClusterSettings, StoredCluster } from '../records.ts';
import { type DatabaseAt, findDatabase, patchDatabase } from '../runtime/databases.ts';
import type { EngineDesk } from '../runtime/engine-desk.ts';
import { forgetPassword, keptPassword } from '../runtime/passwords.ts';
import { writeRecord } from '../state.ts';

/** `before`: the settings that the server has. */
export async function applyToCluster(
  desk: EngineDesk,
  at: DatabaseAt,
  before: ClusterSettings,
): Promise<void> {
  const { plane } = desk;
  const { store } = plane;
  const cluster = findDatabase(store, at) as StoredCluster | undefined;
  const engine = desk.engine(at.resourceId);
  if (!cluster || !engine || cluster.status === 'deleting') return;
  const { settings } = cluster;
  try {
    const password = keptPassword(store, at.home, cluster.resourceId);
    if (password !== undefined) {
      await engine.setMasterPassword(password);
      await store.transact((tx) => forgetPassword(tx, at.home, cluster.resourceId));
    }
    if (settings.port !== before.port) await engine.setPort(settings.port);
    if (settings.iamAuth !== before.iamAuth)
      await engine.setTokenCheck(
        settings.iamAuth ? tokenCheckOf(desk, at.home, cluster.resourceId) : undefined,
      );
    await finish(desk, at, cluster, before);
  } catch (error) {
    if (desk.closed) return;
    plane.logger.error({ error, resourceId: at.resourceId }, 'a cluster could not be modified');
    await patchDatabase(
      plane,
      at,
      { status: 'available' },
      {
        message: `Unable to apply the modification: ${error instanceof Error ? error.message : String(error)}`,
        categories: ['failure'],
      },
    );
  }
}

/** Its members follow in what they have of it. */
async function finish(
  desk: EngineDesk,
  at: DatabaseAt,
  { members, settings }: StoredCluster,
  before: ClusterSettings,
): Promise<void> {
  const { backupDays, backupWindow, securityGroups, iamAuth, port, version } = settings;
  const place = desk.engine(at.resourceId)?.place;
  const parametersStatus = settings.parameterGroup === before.parameterGroup ? 'in-sync' : 'pending-reboot';
  await patchDatabase(desk.plane, at, { status: 'available', place, parametersStatus });
  await desk.plane.store.transact((tx) => {
    for (const name of members) {
      const instance = find(tx, instances, at.home, name);
      if (!instance) continue;
      const own = { ...instance.settings, backupDays, backupWindow, securityGroups, iamAuth, port, version };
      writeRecord(tx, instances.table, at.home, { ...instance, settings: own });
    }
  });
}
