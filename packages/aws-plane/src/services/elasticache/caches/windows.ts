// The times that a cache sets apart: its maintenance window, when pending changes are applied, and its snapshot window, when
// it gives a snapshot each day.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagementConsiderations-maintenance-window.html
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html
import type { PlaneContext } from '../../../plane-context.ts';
import { addEvent } from '../events.ts';
import { cacheKinds, clusters, groups, snapshots } from '../kinds.ts';
import type { StoredCache } from '../records.ts';
import { automaticOf, dropAutomatic } from '../snapshots/automatic.ts';
import { takeSnapshot, writeNewSnapshot } from '../snapshots/snapshot-work.ts';
import { everyRecord, type Home, readRecord, writeRecord } from '../state.ts';
import { appliedChanges, engineChange } from './common-changes.ts';
import { atOf, type CacheRuntime, type Change, openCaches } from './runtime.ts';

const LOOK_MS = 60_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
/** 1970-01-05 was the first Monday. */
const FIRST_MONDAY_MINUTES = 4 * DAY_MINUTES;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Takes up the caches of earlier runs, and looks each minute what is due, until the plane ends. */
export function startCaches(plane: PlaneContext): void {
  const runtime = openCaches(plane);
  const { clock, disposal, logger } = plane;
  let timer = clock.after(LOOK_MS, look);
  disposal.defer(() => timer.cancel());
  function look(): void {
    doDue(plane, runtime).catch((error: unknown) =>
      logger.error({ error }, 'a window of a cache was missed'),
    );
    timer = clock.after(LOOK_MS, look);
  }
}

/** Begins what is due now, for all caches. */
async function doDue(plane: PlaneContext, runtime: CacheRuntime): Promise<void> {
  for (const kind of [clusters, groups]) {
    for (const { home, record } of everyRecord(plane.store, kind)) {
      const nowMs = plane.clock.nowMs();
      if (record.status !== 'available' || !runtime.isUp(record)) continue;
      if (isMaintained(record, nowMs)) await applyPending(plane, runtime, home, record);
      else if (isSnapshotDue(plane, home, record, nowMs)) await takeDaily(plane, runtime, home, record);
    }
  }
}

/** Minutes from the beginning of a round of `length` minutes to the window's beginning, and how long it is. */
function isWithin(nowMinute: number, [start, end]: readonly [number, number], length: number): boolean {
  const minutes = (end - start + length) % length || length;
  return (((nowMinute - start) % length) + length) % length < minutes;
}

function isMaintained({ pending, maintenanceWindow }: StoredCache, nowMs: number): boolean {
  if (Object.keys(pending).length === 0) return false;
  const [start = '', end = ''] = maintenanceWindow.split('-');
  const minute = (text: string) => DAYS.indexOf(text.slice(0, 3)) * DAY_MINUTES + minuteOf(text.slice(4));
  const now = Math.floor(nowMs / MINUTE_MS) - FIRST_MONDAY_MINUTES;
  return isWithin(now, [minute(start), minute(end)], WEEK_MINUTES);
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}

/** Marks a cache as being worked on, unless something else has begun meanwhile, and has the engine changed. */
async function begin(
  plane: PlaneContext,
  runtime: CacheRuntime,
  home: Home,
  { cache, patch, change }: { cache: StoredCache; patch: Partial<StoredCache>; change: Change },
): Promise<void> {
  const { value: begun } = await plane.store.transact((tx) => {
    const now = readRecord(tx, cacheKinds[cache.kind], home, cache.name);
    if (now?.engineId !== cache.engineId || now.status !== 'available') return undefined;
    return writeRecord(tx, cacheKinds[cache.kind], home, { ...now, ...patch });
  });
  if (begun) runtime.change(atOf(home, begun), change);
}

async function applyPending(
  plane: PlaneContext,
  runtime: CacheRuntime,
  home: Home,
  cache: StoredCache,
): Promise<void> {
  await plane.store.transact((tx) => {
    const message = 'Applying pending changes in the maintenance window';
    addEvent(plane, tx, home, { noun: cache.kind, name: cache.name, message });
  });
  const patch = { ...appliedChanges(cache, cache.pending), status: 'modifying' };
  await begin(plane, runtime, home, { cache, patch, change: engineChange(plane.store, home) });
}

/** When the snapshot window of today, or the one that began yesterday and goes over midnight, began. */
function windowBegan({ snapshotWindow }: StoredCache, nowMs: number): number | undefined {
  const [start = 0, end = 0] = snapshotWindow.split('-').map(minuteOf);
  const now = Math.floor(nowMs / MINUTE_MS);
  if (!isWithin(now, [start, end], DAY_MINUTES)) return undefined;
  const since = (((now - start) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return (now - since) * MINUTE_MS;
}

function isSnapshotDue(plane: PlaneContext, home: Home, cache: StoredCache, nowMs: number): boolean {
  if (cache.snapshotDays === 0 || cache.engine === 'memcached') return false;
  const began = windowBegan(cache, nowMs);
  if (began === undefined) return false;
  return !automaticOf(plane, home, cache).some(({ createdAt }) => Date.parse(createdAt) >= began);
}

async function takeDaily(
  plane: PlaneContext,
  runtime: CacheRuntime,
  home: Home,
  cache: StoredCache,
): Promise<void> {
  const at = { plane, ...home };
  const stamp = new Date(plane.clock.nowMs()).toISOString().slice(0, 16).replaceAll(/[T:]/g, '-');
  const change: Change = async (engine) => {
    const name = `automatic.${cache.name}-${stamp}`;
    const made = await writeNewSnapshot(at, snapshots, cache, { name, tags: [], source: 'automated' });
    await takeSnapshot(at, snapshots, made, engine);
    await dropAutomatic(plane, home, cache, cache.snapshotDays);
    return {};
  };
  await begin(plane, runtime, home, { cache, patch: { status: 'snapshotting' }, change });
}
