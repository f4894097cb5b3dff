// Beginning a change of a cache: checked and written in one transaction, carried out in the background.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { faults } from '../faults.ts';
import { cacheKinds, named } from '../kinds.ts';
import type { CacheKind, StoredCache } from '../records.ts';
import { readRecord, writeRecord } from '../state.ts';
import { atOf, cachesOf, type Change } from './runtime.ts';

const existing = {
  cluster: () => faults.clusterExists(),
  replicationgroup: (name: string) => faults.groupExists(name),
  serverlesscache: (name: string) => faults.serverlessExists(name),
};

/** Writes a new cache and has its engine made. Throws when there is one of its name, or none can run here. */
export async function beginCreate(call: Call, cache: StoredCache): Promise<void> {
  const home = homeOf(call);
  const caches = cachesOf(call.plane);
  const kind = cacheKinds[cache.kind];
  if (readRecord(call.plane.store, kind, home, cache.name)) throw existing[cache.kind](cache.name);
  caches.hostFor(cache.engine);
  await call.plane.store.transact((tx) => {
    if (readRecord(tx, kind, home, cache.name)) throw existing[cache.kind](cache.name);
    writeRecord(tx, kind, home, cache);
  });
  caches.create(atOf(home, cache));
}

const states = {
  cluster: (name: string, status: string) =>
    faults.clusterState(`Cache cluster ${name} is not in available state (it is ${status}).`),
  replicationgroup: (name: string, status: string) =>
    faults.groupState(`Replication group ${name} has status ${status} which is not valid for this request.`),
  serverlesscache: (name: string, status: string) =>
    faults.serverlessState(
      `Serverless cache ${name} is in ${status} state, which is not valid for this request.`,
    ),
};

/** What a change does: to the record at once, and to the engine afterwards. */
export interface Planned {
  readonly patch?: Partial<StoredCache>;
  /** Nothing to be done with the engine: the cache stays available. */
  readonly change?: Change | undefined;
  readonly status?: string;
  readonly message?: string;
}

/** A cache that may be changed now, or the fault. Throws while another change is under way. */
export function assertChangeable(call: Call, cache: StoredCache): void {
  if (cache.status !== 'available' || !cachesOf(call.plane).isUp(cache)) {
    throw states[cache.kind](cache.name, shownStatus(call, cache));
  }
}

export async function beginChange(
  call: Call,
  { kind, name }: { readonly kind: CacheKind; readonly name: string | undefined },
  plan: (cache: StoredCache) => Planned,
): Promise<StoredCache> {
  const home = homeOf(call);
  const { value } = await call.plane.store.transact((tx) => {
    const cache = named(tx, cacheKinds[kind], home, name);
    assertChangeable(call, cache);
    const planned = plan(cache);
    const status = planned.change ? (planned.status ?? 'modifying') : cache.status;
    const next = writeRecord(tx, cacheKinds[kind], home, { ...cache, ...planned.patch, status });
    return { next, planned };
  });
  const { change, message } = value.planned;
  if (change) cachesOf(call.plane).change(atOf(home, value.next), change, message);
  return value.next;
}

/** Marks a cache as going and has it ended. */
export async function beginDelete(
  call: Call,
  { kind, name }: { readonly kind: CacheKind; readonly name: string | undefined },
  before: (cache: StoredCache) => Parameters<ReturnType<typeof cachesOf>['delete']>[1],
): Promise<StoredCache> {
  const home = homeOf(call);
  const { value } = await call.plane.store.transact((tx) => {
    const cache = named(tx, cacheKinds[kind], home, name);
    if (cache.status !== 'available' && cache.status !== 'create-failed') {
      throw states[kind](cache.name, shownStatus(call, cache));
    }
    return writeRecord(tx, cacheKinds[kind], home, { ...cache, status: 'deleting' });
  });
  cachesOf(call.plane).delete(atOf(home, value), before(value));
  return value;
}

/** A cache whose server is still being brought back is not available, whatever it was before. */
export function shownStatus(call: Call, cache: StoredCache): string {
  if (cache.status !== 'available' || cachesOf(call.plane).isUp(cache)) return cache.status;
  return cache.kind === 'cluster' ? 'rebooting cache cluster nodes' : 'modifying';
}
