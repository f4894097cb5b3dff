// Items copied from one place to another in small transactions, from a picture of the data that stays as it was.
import type { ByteEntry, ByteSnapshot } from '@pergola/store';
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { applyChange } from '../storage/change.ts';
import { decodeItem } from '../storage/item-record.ts';
import { after, behind, changePrefix, itemPrefix } from '../storage/layout.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { findTable } from '../tables/table-state.ts';

const BATCH_ITEMS = 500;

export interface Place {
  /** What all keys there begin with. */
  readonly prefix: Buffer;
}

/** Walks what a snapshot has below `prefix`, some entries at a time. `take` gets the keys without the prefix. */
async function walk(
  snapshot: ByteSnapshot,
  { prefix }: Place,
  take: (entries: readonly ByteEntry[]) => Promise<void>,
): Promise<void> {
  let from = prefix;
  for (;;) {
    const entries = [...snapshot.range({ from, to: behind(prefix), limit: BATCH_ITEMS })];
    const last = entries.at(-1);
    if (!last) return;
    await take(entries.map(({ key, value }) => ({ key: key.subarray(prefix.length), value })));
    from = after(last.key);
  }
}

/** Copies records as they are. */
export async function copyRecords(
  plane: PlaneContext,
  snapshot: ByteSnapshot,
  from: Place,
  to: Place,
): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  await walk(snapshot, from, async (entries) => {
    if (chores.stopping.aborted) return;
    await bytes.transact((tx) => {
      for (const { key, value } of entries) tx.put(Buffer.concat([to.prefix, key]), value);
    });
  });
}

/** Copies items into a table, with all that follows from them there. */
export async function copyItems(
  plane: PlaneContext,
  { snapshot, from }: { readonly snapshot: ByteSnapshot; readonly from: Place },
  target: TableRecord,
): Promise<void> {
  await walk(snapshot, from, (entries) => putItems(plane, target, entries));
}

async function putItems(
  plane: PlaneContext,
  target: TableRecord,
  entries: readonly ByteEntry[],
): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  if (chores.stopping.aborted || entries.length === 0) return;
  await bytes.transact((tx) => {
    const table = findTable(plane.store, target);
    if (!table || table.record.key !== target.key) return;
    for (const { key: below, value } of entries) {
      const key = Buffer.concat([table.prefix, below]);
      const known = tx.get(key);
      const before = known && decodeItem(known);
      applyChange(tx, table, { key, before, after: decodeItem(value), atMs: plane.clock.nowMs() });
    }
  });
}

const HEAD_BYTES = 10;

export interface PastTable {
  readonly snapshot: ByteSnapshot;
  readonly table: TableRecord;
  readonly atMs: number;
}

/** Walks a table as it was at an instant: what has not changed since, and of what has the first value after it. */
export async function walkItemsAt(
  { snapshot, table, atMs }: PastTable,
  take: (entries: readonly ByteEntry[]) => Promise<void>,
): Promise<void> {
  const changed = new Set<string>();
  await walk(snapshot, { prefix: changePrefix(table.key) }, async (entries) => {
    const first: ByteEntry[] = [];
    for (const { value } of entries) {
      const { changedMs, below, before } = readChange(value);
      const name = below.toString('latin1');
      if (changedMs <= atMs || changed.has(name)) continue;
      changed.add(name);
      if (before.length > 0) first.push({ key: below, value: before });
    }
    await take(first);
  });
  await walk(snapshot, { prefix: itemPrefix(table.key) }, (entries) =>
    take(entries.filter(({ key }) => !changed.has(key.toString('latin1')))),
  );
}

/** Copies a table as it was at an instant. */
export async function copyItemsAt(
  plane: PlaneContext,
  source: PastTable,
  target: TableRecord,
): Promise<void> {
  await walkItemsAt(source, (entries) => putItems(plane, target, entries));
}

function readChange(value: Buffer): {
  readonly changedMs: number;
  readonly below: Buffer;
  readonly before: Buffer;
} {
  const end = HEAD_BYTES + value.readUInt16BE(HEAD_BYTES - 2);
  return {
    changedMs: value.readDoubleBE(0),
    below: value.subarray(HEAD_BYTES, end),
    before: value.subarray(end),
  };
}
