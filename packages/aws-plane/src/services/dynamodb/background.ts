// What DynamoDB does at the start of a plane and while it runs, beside answering calls.
import type { PlaneContext } from '../../plane-context.ts';
import { everyBackup, forgetBackup } from './backups/backup-state.ts';
import { trimChanges } from './backups/recovery.ts';
import { resumeRestores } from './backups/restore.ts';
import { dynamoOf } from './dynamo-context.ts';
import { failInterruptedExports } from './exports/exports.ts';
import { deleteExpired } from './storage/expiring.ts';
import { forgetStrangers } from './storage/forgetting.ts';
import { everyStream } from './streams/stream-state.ts';
import { trimStreams } from './streams/trimming.ts';
import { resumeBuilding } from './tables/index-building.ts';
import { allTables } from './tables/table-state.ts';

/** AWS takes up to two days to delete an item that is due; here it is a second. */
const EXPIRY_MS = 1_000;
const TRIM_MS = 10 * 60_000;

/** Takes up what the end of the last plane interrupted, and begins what goes on for ever. */
export async function startBackground(plane: PlaneContext): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  const { store } = plane;
  const unfinished = everyBackup(store).filter(({ ready }) => !ready);
  // Nobody can have what a backup that was interrupted would have held.
  if (unfinished.length > 0)
    await store.transact((tx) => unfinished.forEach((backup) => forgetBackup(tx, backup)));
  await failInterruptedExports(plane);
  const tables = allTables(store);
  const known = {
    tables: new Set(tables.map(({ record }) => record.key)),
    streams: new Set(everyStream(store).map(({ key }) => key)),
    backups: new Set(everyBackup(store).map(({ key }) => key)),
  };
  await forgetStrangers(bytes, known, chores.stopping);
  resumeBuilding(plane, tables);
  await resumeRestores(plane);
  chores.repeat('delete expired items', EXPIRY_MS, () => deleteExpired(plane));
  chores.repeat('trim streams', TRIM_MS, () => trimStreams(plane));
  chores.repeat('trim the changes of tables', TRIM_MS, () => trimChanges(plane));
}
