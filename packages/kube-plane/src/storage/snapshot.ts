// Lists at a revision of the past, by undoing the remembered changes since then on what is stored now.
import type { Change, Entry, Store } from '@pergola/store';

export interface Snapshot {
  readonly entries: readonly Entry[];
  /** The revision that the entries are true at. */
  readonly revision: number;
  /** More entries follow the last one. */
  readonly more: boolean;
}

export interface SnapshotQuery {
  readonly prefix: string;
  /** Undefined = now. */
  readonly revision?: number | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** Throws CompactedError when `revision` is forgotten. */
export function snapshot(store: Store, query: SnapshotQuery): Snapshot {
  const revision = query.revision ?? store.revision();
  const changed = query.revision === undefined ? [] : changesAfter(store, query.prefix, query.revision);
  const limit = query.limit ?? Infinity;
  const range = query.after === undefined ? {} : { after: query.after };
  if (changed.length === 0) {
    const entries = store.list(query.prefix, { ...range, limit: limit + 1 });
    return { entries: entries.slice(0, limit), revision, more: entries.length > limit };
  }
  const then = entriesBefore(store.list(query.prefix), changed).filter(
    (entry) => query.after === undefined || entry.key > query.after,
  );
  return { entries: then.slice(0, limit), revision, more: then.length > limit };
}

/** How many entries follow `after`. */
export function countAfter(store: Store, prefix: string, after: string): number {
  return store.list(prefix, { after }).length;
}

function changesAfter(store: Store, prefix: string, revision: number): Change[] {
  if (revision === store.revision()) return [];
  const changes: Change[] = [];
  // A watch delivers the remembered changes before it returns.
  store.watch(prefix, revision, (batch) => changes.push(...batch))();
  return changes;
}

function entriesBefore(now: readonly Entry[], changes: readonly Change[]): Entry[] {
  const byKey = new Map(now.map((entry) => [entry.key, entry]));
  for (const change of changes.toReversed()) {
    if (change.previous) byKey.set(change.key, change.previous);
    else byKey.delete(change.key);
  }
  return [...byKey.values()].sort((left, right) => (left.key < right.key ? -1 : 1));
}
