// Items whose time has come are deleted, as AWS's service does it: with a stream record that names the service.
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import type { Table } from '../tables/table.ts';
import { allTables, findTable } from '../tables/table-state.ts';
import { applyChange, expirySecond } from './change.ts';
import { decodeItem } from './item-record.ts';
import { bigEndian } from './layout.ts';

const BATCH_ITEMS = 200;
/** AWS leaves items alone that have been due for more than five years. */
const OLDEST_SECONDS = 5 * 365 * 86_400;

/** Deletes what is due in every table. */
export async function deleteExpired(plane: PlaneContext): Promise<void> {
  for (const table of allTables(plane.store)) {
    if (table.expiry) await deleteExpiredOf(plane, table);
  }
}

async function deleteExpiredOf(plane: PlaneContext, table: Table): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  const { expiry } = table;
  if (!expiry) return;
  const nowSecond = Math.floor(plane.clock.nowMs() / 1_000);
  const second = (value: number) => Buffer.concat([expiry.prefix, bigEndian(Math.max(0, value))]);
  const due = { from: second(nowSecond - OLDEST_SECONDS), to: second(nowSecond), limit: BATCH_ITEMS };
  for (;;) {
    const entries = [...bytes.range(due)];
    if (entries.length === 0 || chores.stopping.aborted) return;
    await bytes.transact((tx) => {
      const now = findTable(plane.store, table.record);
      for (const { key: entry, value: key } of entries) {
        const record = tx.get(key);
        const before = record && decodeItem(record);
        const at = before && now?.expiry && expirySecond(before.item, now.expiry.attribute);
        // An entry may be older than its item, or than the setting.
        tx.delete(entry);
        if (!now || !before || now.record.key !== table.record.key || at === undefined || at >= nowSecond)
          continue;
        applyChange(tx, now, { key, before, after: undefined, atMs: plane.clock.nowMs(), expired: true });
      }
    });
  }
}
