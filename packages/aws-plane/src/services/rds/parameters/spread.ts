// A changed parameter group on its way to the servers of those that have it: what can be is in force at once, what
// cannot shows as `pending-reboot`.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { clusterParameterGroups, type Kind } from '../kinds.ts';
import { clusters, find, instances } from '../kinds.ts';
import type { ParametersStatus } from '../records.ts';
import {
  type DatabaseAt,
  findDatabase,
  kindOf,
  ownerOf,
  parametersFor,
  patchDatabase,
} from '../runtime/databases.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { usersOf } from './groups.ts';
import type { StoredParameterGroup } from './parameter-group.ts';

/** In the background, one server after the other. */
export function spread(
  call: Call,
  kind: Kind<StoredParameterGroup>,
  before: StoredParameterGroup,
  after: StoredParameterGroup,
): void {
  const home = homeOf(call);
  const { store } = call.plane;
  const waiting = waitingOf(before, after);
  for (const name of usersOf(store, kind, home, after.name)) {
    const as = kind === clusterParameterGroups ? 'cluster' : 'instance';
    const user = as === 'cluster' ? find(store, clusters, home, name) : find(store, instances, home, name);
    if (user) apply(call, { as, home, resourceId: user.resourceId }, waiting);
  }
}

/** Whether one of the differing parameters waits for a reboot. */
function waitingOf(before: StoredParameterGroup, after: StoredParameterGroup): boolean {
  const names = new Set([...Object.keys(before.values), ...Object.keys(after.values)]);
  return [...names].some(
    (name) =>
      before.values[name] !== after.values[name] &&
      (after.atReboot.includes(name) || before.atReboot.includes(name)),
  );
}

function apply(call: Call, at: DatabaseAt, wantsReboot: boolean): void {
  const { plane } = call;
  const desk = deskOf(plane);
  const owner = ownerOf(plane.store, at.home, findDatabaseOr(call, at));
  if (!owner) return;
  void desk.queue(owner.resourceId, async () => {
    const engine = desk.engine(owner.resourceId);
    const database = findDatabase(plane.store, owner);
    if (!engine || !database) return;
    const { waiting } = await engine.setParameters(parametersFor(plane, at.home, database));
    const status: ParametersStatus = wantsReboot || waiting.length > 0 ? 'pending-reboot' : 'in-sync';
    const now = findDatabase(plane.store, at);
    if (now?.parametersStatus === 'pending-reboot') return;
    await patchDatabase(plane, at, { parametersStatus: status });
  });
}

function findDatabaseOr(call: Call, at: DatabaseAt) {
  const found = findDatabase(call.plane.store, at);
  if (!found) throw kindOf(at.as).missing(at.resourceId);
  return found;
}
