// Pages of versions: current objects and older versions lie apart in the store, and are listed as one.
import type { Reader } from '@pergola/store';
import { type Page, pageOf, type PageRequest } from './listing.ts';
import { findObject, listObjects } from './state.ts';
import {
  listOlder,
  type OlderVersion,
  sequenceOf,
  type VersionPosition,
  versionIdOf,
} from './version-state.ts';
import { NULL_VERSION, SEQUENCE_MAX, sequenceIn } from './version-id.ts';
import { findVersion } from './versions.ts';

export interface ListedVersion extends OlderVersion {
  /** The newest of its key and no delete marker. */
  readonly isCurrent: boolean;
}

export function readVersionPage(
  reader: Reader,
  request: Omit<PageRequest, 'position'> & { readonly position: VersionPosition },
): Page<ListedVersion, VersionPosition> {
  return pageOf<ListedVersion, VersionPosition>(request, request.position, {
    read: (position, limit) => listVersions(reader, request, position, limit),
    positionOf: ({ key, version }) => ({ afterVersion: { key, sequence: sequenceOf(version) } }),
  });
}

/** Behind the version that a client saw last, even if it is gone by now. */
export function afterVersionMarker(
  reader: Reader,
  place: { readonly bucket: string; readonly key: string },
  versionId: string,
): VersionPosition {
  const { key } = place;
  if (versionId !== NULL_VERSION) return { afterVersion: { key, sequence: sequenceIn(versionId) } };
  const version = findVersion(reader, place, NULL_VERSION);
  // A null version that is gone does not say where it was: better a version twice than one left out.
  return { afterVersion: { key, sequence: version ? sequenceOf(version) : SEQUENCE_MAX } };
}

export function nextMarkers({ afterKey, afterPrefix, afterVersion }: VersionPosition, last?: ListedVersion) {
  if (!afterVersion) return { NextKeyMarker: afterPrefix ?? afterKey };
  return {
    NextKeyMarker: afterVersion.key,
    NextVersionIdMarker: last && versionIdOf(last.version),
  };
}

/** At most `limit` versions by the bytes of their keys, newest first. */
function listVersions(
  reader: Reader,
  within: { readonly bucket: string; readonly prefix: string },
  position: VersionPosition,
  limit: number,
): ListedVersion[] {
  const current = listCurrent(reader, within, position, limit);
  const older = listOlder(reader, within, position, limit);
  if (older.length === 0) return current;
  const merged: ListedVersion[] = [];
  let [inCurrent, inOlder] = [0, 0];
  while (merged.length < limit) {
    const left = current[inCurrent];
    const right = older[inOlder];
    if (left && (!right || isBefore(left.key, right.key))) {
      merged.push(left);
      inCurrent++;
    } else if (right) {
      merged.push({ ...right, isCurrent: false });
      inOlder++;
    } else break;
  }
  return merged;
}

/** The current version of a key is newer than all others of it. */
function isBefore(left: string, right: string): boolean {
  return left === right || Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
}

function listCurrent(
  reader: Reader,
  within: { readonly bucket: string; readonly prefix: string },
  position: VersionPosition,
  limit: number,
): ListedVersion[] {
  const { afterVersion } = position;
  const behind = listObjects(
    reader,
    within,
    afterVersion ? { afterKey: afterVersion.key } : position,
    limit,
  ).map(({ key, record }) => ({ key, version: record(), isCurrent: true }));
  if (!afterVersion?.key.startsWith(within.prefix)) return behind;
  // What was older on the last page may be current by now.
  const { key, sequence } = afterVersion;
  const version = findObject(reader, within.bucket, key);
  if (!version || sequenceOf(version) >= sequence) return behind;
  return [{ key, version, isCurrent: true }, ...behind].slice(0, limit);
}
