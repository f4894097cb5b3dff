// Lists at a revision of the past, by undoing the remembered changes since then on what is stored now.
import type { Change, Entry, Store } from '@pergola/store';

export interface Snapshot {
  readonly entries: readonly Entry[];
  /** The revision that the entries are true at. */
  readonly revision: number;
  /** How many entries follow the last one; 0 without a limit. */
  readonly remaining: number;
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
  const { prefix, after, limit = Infinity } = query;
  if (changed.length === 0) {
    const range = after === undefined ? {} : { after };
    const entries = store.list(prefix, { ...range, limit });
    const last = entries.at(-1);
    const isPage = last !== undefined && entries.length >= limit;
    return { entries, revision, remaining: isPage ? store.count(prefix, last.key) : 0 };
  }
  const then = entriesBefore(store.list(prefix), changed).filter(
    (entry) => after === undefined || entry.key > after,
  );
  return { entries: then.slice(0, limit), revision, remaining: Math.max(0, then.length - limit) };
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
