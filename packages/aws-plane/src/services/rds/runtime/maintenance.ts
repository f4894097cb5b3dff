// The maintenance window: changes that wait for it are made when it comes.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
import { applyChanges } from '../instances/apply-changes.ts';
import { readMaintenanceWindow } from '../instances/rules.ts';
import { instances } from '../kinds.ts';
import type { StoredInstance } from '../records.ts';
import { homesOf, listRecords, readRecord, writeRecord } from '../state.ts';
import { ownerOf } from './databases.ts';
import type { EngineDesk } from './engine-desk.ts';

const LOOK_MS = 60_000;
const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 24 * 60;
/** 1970-01-05 was the first Monday. */
const FIRST_MONDAY_MINUTES = 4 * 24 * 60;

/** Looks each minute, until the plane ends. */
export function keepWindows(desk: EngineDesk): void {
  const { clock, disposal, logger } = desk.plane;
  let timer = clock.after(LOOK_MS, look);
  disposal.defer(() => timer.cancel());
  function look(): void {
    applyDue(desk).catch((error: unknown) => logger.error({ error }, 'a maintenance window was missed'));
    timer = clock.after(LOOK_MS, look);
  }
}

/** Begins the changes of all instances whose window it is. */
export async function applyDue(desk: EngineDesk): Promise<void> {
  const { store, clock } = desk.plane;
  const nowMs = clock.nowMs();
  for (const home of homesOf(store, instances.table)) {
    for (const { name } of listRecords(store, instances.table, home).filter((one) => isDue(one, nowMs))) {
      const { value: begun } = await store.transact((tx) => {
        const now = readRecord(tx, instances.table, home, name);
        if (!now || !isDue(now, nowMs)) return undefined;
        const status = now.pending.name === undefined ? 'modifying' : 'renaming';
        return writeRecord(tx, instances.table, home, { ...now, applying: now.pending, pending: {}, status });
      });
      if (!begun) continue;
      const { resourceId } = begun;
      const owner = ownerOf(store, home, begun);
      void desk.queue(owner?.resourceId ?? resourceId, () =>
        applyChanges(desk, { as: 'instance', home, resourceId }),
      );
    }
  }
}

function isDue({ pending, status, settings }: StoredInstance, nowMs: number): boolean {
  if (status !== 'available' || Object.keys(pending).length === 0) return false;
  const window = readMaintenanceWindow(settings.maintenanceWindow);
  if (!window) return false;
  const minute = (Math.floor(nowMs / MINUTE_MS) - FIRST_MONDAY_MINUTES) % WEEK_MINUTES;
  return (minute - window.start + WEEK_MINUTES) % WEEK_MINUTES < window.minutes;
}
