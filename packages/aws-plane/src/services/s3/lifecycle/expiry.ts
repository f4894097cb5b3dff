// Lifecycle rules at work: what is due is expired, page by page between the calls of clients.
import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { PlaneContext } from '../../../plane-context.ts';
import type { BucketRecord } from '../bucket.ts';
import { findConfiguration } from '../configurations/configuration-store.ts';
import { allBuckets, deleteUpload, findBucket, findObject, findUpload, uploadsOf } from '../state.ts';
import { commit } from '../storage.ts';
import { type ListedVersion, readVersionPage } from '../version-listing.ts';
import { newestOlder, sequenceOf, type VersionPosition, versionIdOf } from '../version-state.ts';
import { deleteCurrent, deleteVersion, type VersionChange } from '../versions.ts';
import { isPast, prefixOf, type Sibling, type Verdict, verdictOn } from './due.ts';

const PERIOD_MS = 10 * 60_000;
const PAGE = 500;

/** Looks after every bucket with rules, now and every ten minutes, until the plane ends. */
export function startExpiry(plane: PlaneContext): void {
  const stop = new AbortController();
  let running = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      await expireAll(plane, stop.signal);
    } catch (error) {
      plane.logger.error({ error }, 'could not expire objects');
    }
    if (!stop.signal.aborted) timer = plane.clock.after(PERIOD_MS, begin);
  };
  const begin = (): void => {
    running = look();
  };
  let timer = plane.clock.after(0, begin);
  plane.disposal.defer(async () => {
    stop.abort();
    timer.cancel();
    await running;
  });
}

/** Does all that is due. */
export async function expireAll(plane: PlaneContext, stop: AbortSignal): Promise<void> {
  for (const bucket of allBuckets(plane.store)) {
    const { Rules = [] } =
      findConfiguration<{ Rules: LifecycleRule[] }>(plane.store, bucket.name, 'lifecycle') ?? {};
    const rules = Rules.filter(({ Status }) => Status === 'Enabled');
    if (rules.length === 0) continue;
    await abortUploads(plane, bucket.name, rules);
    await expireVersions(plane, bucket, rules, stop);
  }
}

interface Due {
  readonly key: string;
  readonly version: ListedVersion['version'];
  readonly verdict: Exclude<Verdict, undefined>;
}

async function expireVersions(
  plane: PlaneContext,
  bucket: BucketRecord,
  rules: readonly LifecycleRule[],
  stop: AbortSignal,
): Promise<void> {
  let position: VersionPosition | undefined = {};
  let last: Sibling | undefined;
  while (position && !stop.aborted) {
    const within = { bucket: bucket.name, prefix: '', delimiter: '', limit: PAGE };
    const page = readVersionPage(plane.store, { ...within, position });
    const due: Due[] = [];
    for (const listed of page.objects) {
      last = siblingOf(listed, last);
      const verdict = verdictOn(rules, last, plane.clock.nowMs());
      if (verdict) due.push({ ...listed, verdict });
    }
    if (due.length > 0) await carryOut(plane, bucket.name, due);
    position = page.next;
    // The next turn of the event loop belongs to the clients.
    if (position) await plane.clock.sleep(0);
  }
}

function siblingOf({ key, version }: ListedVersion, last: Sibling | undefined): Sibling {
  if (last?.key !== key) return { key, version, newerNoncurrent: 0 };
  return {
    key,
    version,
    // It ceased to be the newest when the next newer one came.
    noncurrentMs: last.version.modifiedMs,
    newerNoncurrent: last.noncurrentMs === undefined ? 0 : last.newerNoncurrent + 1,
  };
}

async function carryOut(plane: PlaneContext, bucket: string, due: readonly Due[]): Promise<void> {
  await commit(plane, (tx, drop) => {
    const versioning = findBucket(tx, bucket)?.versioning;
    const change = { tx, drop, random: plane.random, versioning };
    for (const one of due) carryOutOne(change, bucket, one, plane.clock.nowMs());
  });
}

/** Does nothing when a client was faster. */
function carryOutOne(
  change: VersionChange,
  bucket: string,
  { key, version, verdict }: Due,
  nowMs: number,
): void {
  const place = { bucket, key };
  const id = versionIdOf(version);
  if (verdict === 'expire') {
    const current = findObject(change.tx, bucket, key);
    const isSame = current && versionIdOf(current) === id && current.modifiedMs === version.modifiedMs;
    if (isSame) deleteCurrent(change, place, nowMs);
    return;
  }
  const isAlone = !newestOlder(change.tx, place, sequenceOf(version)) && !findObject(change.tx, bucket, key);
  if (verdict === 'remove' || isAlone) deleteVersion(change, place, id);
}

async function abortUploads(
  plane: PlaneContext,
  bucket: string,
  rules: readonly LifecycleRule[],
): Promise<void> {
  const nowMs = plane.clock.nowMs();
  const due = uploadsOf(plane.store, bucket).filter(({ key, initiatedMs }) =>
    rules.some(
      (rule) =>
        key.startsWith(prefixOf(rule)) &&
        isPast(initiatedMs, rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation, nowMs),
    ),
  );
  if (due.length === 0) return;
  await commit(plane, (tx, drop) => {
    for (const { id } of due) {
      const upload = findUpload(tx, bucket, id);
      if (upload) for (const part of deleteUpload(tx, upload)) drop(part.body);
    }
  });
}
