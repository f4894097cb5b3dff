// Automated snapshots end with their database, unless they are to be kept.
import type { DatabaseAt } from '../runtime/databases.ts';
import type { EngineDesk } from '../runtime/engine-desk.ts';
import { deleteRecord, listRecords } from '../state.ts';
import { snapshotKind } from './snapshot-work.ts';

/** Removes those of one database. */
export async function dropAutomated(desk: EngineDesk, { as, home, resourceId }: DatabaseAt): Promise<void> {
  const { store } = desk.plane;
  const { table } = snapshotKind(as);
  const gone = listRecords(store, table, home).filter(
    (snapshot) => snapshot.type === 'automated' && snapshot.sourceResourceId === resourceId,
  );
  await store.transact((tx) => {
    for (const { name } of gone) deleteRecord(tx, table, home, name);
  });
  for (const { dataId } of gone) await desk.host.removeSnapshot(dataId);
}
