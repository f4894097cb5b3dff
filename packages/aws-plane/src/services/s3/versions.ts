// What versioning means for writing, deleting and finding: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
import type { Random } from '@pergola/kernel';
import type { Reader, Transaction } from '@pergola/store';
import type { BucketRecord } from './bucket.ts';
import { faults } from './faults.ts';
import { type ObjectRecord, toSeconds } from './object.ts';
import { deleteObject, findObject, putObject } from './state.ts';
import type { DropBody } from './storage.ts';
import { assertVersionId, makeVersionId } from './version-id.ts';
import {
  type DeleteMarker,
  deleteOlder,
  findOlder,
  isDeleteMarker,
  newestOlder,
  putOlder,
  sequenceOf,
  versionIdOf,
  type VersionPlace,
  type VersionRecord,
} from './version-state.ts';

/** What changing the versions of a key takes. */
export interface VersionChange {
  readonly tx: Transaction;
  readonly drop: DropBody;
  readonly random: Random;
  readonly versioning: BucketRecord['versioning'];
}

/** A version by its id; the id must be well-formed. */
export function findVersion(
  reader: Reader,
  place: VersionPlace,
  versionId: string,
): VersionRecord | undefined {
  const current = findObject(reader, place.bucket, place.key);
  if (current && versionIdOf(current) === versionId) return current;
  return findOlder(reader, place, versionId);
}

/** The object that a request means, or the fault that says why there is none. */
export function requireVersion(
  reader: Reader,
  input: {
    readonly Bucket?: string | undefined;
    readonly Key?: string | undefined;
    readonly VersionId?: string | undefined;
  },
): ObjectRecord {
  const { Bucket: bucket = '', Key: key = '', VersionId: wanted } = input;
  if (wanted === undefined) {
    const object = findObject(reader, bucket, key);
    if (object) return object;
    const marker = newestOlder(reader, { bucket, key });
    throw marker ? faults.deletedKey(key, versionIdOf(marker)) : faults.noSuchKey(key);
  }
  assertVersionId(wanted);
  const version = findVersion(reader, { bucket, key }, wanted);
  if (!version) throw faults.noSuchVersion(key, wanted);
  if (isDeleteMarker(version)) throw faults.methodOnMarker(wanted, version.modifiedMs);
  return version;
}

/** The id that the answer to a write tells; none without versioning. */
export function writtenVersion(version: VersionRecord): string | undefined {
  return version.sequence === undefined ? undefined : versionIdOf(version);
}

/** Puts an object as the newest version of its key. Of a bucket without versions it is the only one. */
export function putVersion(change: VersionChange, place: VersionPlace, record: ObjectRecord): ObjectRecord {
  const { tx, drop, versioning } = change;
  if (versioning === undefined) {
    const previous = findObject(tx, place.bucket, place.key);
    if (previous) drop(previous.body);
    putObject(tx, place.bucket, place.key, record);
    return record;
  }
  const version = { ...record, ...makeRoom(change, place) };
  putObject(tx, place.bucket, place.key, version);
  return version;
}

/** Deletes what is current: for good without versions, else behind a marker, which is returned. */
export function deleteCurrent(
  change: VersionChange,
  place: VersionPlace,
  nowMs: number,
): DeleteMarker | undefined {
  const { tx, drop, versioning } = change;
  if (versioning === undefined) {
    const current = findObject(tx, place.bucket, place.key);
    if (!current) return undefined;
    deleteObject(tx, place.bucket, place.key);
    drop(current.body);
    return undefined;
  }
  const marker: DeleteMarker = {
    deleteMarker: true,
    modifiedMs: toSeconds(nowMs),
    ...makeRoom(change, place),
  };
  deleteObject(tx, place.bucket, place.key);
  putOlder(tx, place, marker);
  return marker;
}

/** Deletes one version for good; whatever is newest then is current. Returns what was deleted, if anything. */
export function deleteVersion(
  { tx, drop }: Pick<VersionChange, 'tx' | 'drop'>,
  place: VersionPlace,
  versionId: string,
): VersionRecord | undefined {
  const current = findObject(tx, place.bucket, place.key);
  if (current && versionIdOf(current) === versionId) {
    deleteObject(tx, place.bucket, place.key);
    drop(current.body);
    promote(tx, place, newestOlder(tx, place, sequenceOf(current)));
    return current;
  }
  const older = findOlder(tx, place, versionId);
  if (!older) return undefined;
  // Where no object is current, the newest version is a marker.
  const isNewest = !current && isDeleteMarker(older) && isNewestOlder(tx, place, older);
  deleteOlder(tx, place, older);
  if (!isDeleteMarker(older)) drop(older.body);
  if (isNewest) promote(tx, place, newestOlder(tx, place, sequenceOf(older)));
  return older;
}

/** Keeps a changed record of a version at the place that it has. */
export function rewriteVersion(tx: Transaction, place: VersionPlace, version: ObjectRecord): void {
  const current = findObject(tx, place.bucket, place.key);
  if (current && versionIdOf(current) === versionIdOf(version))
    putObject(tx, place.bucket, place.key, version);
  else putOlder(tx, place, version);
}

/** Whether a marker is what a reader without a version id meets. */
export function isLatestMarker(reader: Reader, place: VersionPlace, marker: DeleteMarker): boolean {
  return !findObject(reader, place.bucket, place.key) && isNewestOlder(reader, place, marker);
}

function isNewestOlder(reader: Reader, place: VersionPlace, marker: DeleteMarker): boolean {
  return newestOlder(reader, place)?.sequence === marker.sequence;
}

/** Clears the place of the newest version, and says what the next one is called. Suspended, the null version goes. */
function makeRoom(
  { tx, drop, random, versioning }: VersionChange,
  place: VersionPlace,
): { readonly versionId?: string; readonly sequence: number } {
  const current = findObject(tx, place.bucket, place.key);
  const latest = current ?? newestOlder(tx, place);
  const sequence = Math.max(tx.revision, latest ? sequenceOf(latest) + 1 : 0);
  if (versioning === 'Enabled') {
    if (current) putOlder(tx, place, current);
    return { versionId: makeVersionId(random, sequence), sequence };
  }
  if (current && current.versionId === undefined) {
    drop(current.body);
    return { sequence };
  }
  if (current) putOlder(tx, place, current);
  const former = findOlder(tx, place, 'null');
  if (former) deleteOlder(tx, place, former);
  if (former && !isDeleteMarker(former)) drop(former.body);
  return { sequence };
}

function promote(tx: Transaction, place: VersionPlace, version: VersionRecord | undefined): void {
  if (!version || isDeleteMarker(version)) return;
  deleteOlder(tx, place, version);
  putObject(tx, place.bucket, place.key, version);
}
