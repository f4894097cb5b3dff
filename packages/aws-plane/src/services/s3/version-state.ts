// Versions in the store, beside the current objects of `state.ts`.
//
//   aws/s3/object/<bucket>/<key>               the newest version, unless that is a delete marker
//   aws/s3/version/<bucket>/<key>\x05!<place>  every other version, and every delete marker; newest first
//   aws/s3/null/<bucket>/<key>                 the sequence of the null version, when it is among those
//
// So a bucket without versions has none of the last two, and reading what is current costs the same everywhere.
import type { Reader, Transaction } from '@pergola/store';
import { escapeKey, LAST, unescapeKey } from '../../key-escape.ts';
import type { ObjectRecord } from './object.ts';
import { cutToKey, KEY_BYTES_MAX, listBehind } from './state.ts';
import { NULL_VERSION, SEQUENCE_MAX, sequenceIn } from './version-id.ts';

/** Says that an object was deleted, and hides its older versions. */
export interface DeleteMarker {
  readonly deleteMarker: true;
  readonly modifiedMs: number;
  /** Absent for the null version. */
  readonly versionId?: string | undefined;
  readonly sequence: number;
}

export type VersionRecord = ObjectRecord | DeleteMarker;

export interface VersionPlace {
  readonly bucket: string;
  readonly key: string;
}

/** Sorts before whatever an escaped key can go on with, so that the versions of `a` come before those of `ab`. */
const SEPARATOR = '\x05!';
const PLACE_CHARACTERS = 12;

const versionRoot = (bucket: string) => `aws/s3/version/${bucket}/`;
const versionsOf = ({ bucket, key }: VersionPlace) => versionRoot(bucket) + escapeKey(key) + SEPARATOR;
const versionKey = (place: VersionPlace, sequence: number) =>
  versionsOf(place) + (SEQUENCE_MAX - sequence).toString(16).padStart(PLACE_CHARACTERS, '0');
const nullKey = ({ bucket, key }: VersionPlace) => `aws/s3/null/${bucket}/${escapeKey(key)}`;

export function isDeleteMarker(version: VersionRecord): version is DeleteMarker {
  return 'deleteMarker' in version;
}

/** The id as clients see it. */
export function versionIdOf({ versionId = NULL_VERSION }: VersionRecord): string {
  return versionId;
}

/** Higher for newer versions of a key. What was written before its bucket had versions is the oldest. */
export function sequenceOf({ sequence = 0 }: VersionRecord): number {
  return sequence;
}

/** The newest of the versions that are no current object, older than `before` when that is given. */
export function newestOlder(reader: Reader, place: VersionPlace, before?: number): VersionRecord | undefined {
  if (Buffer.byteLength(place.key) > KEY_BYTES_MAX) return undefined;
  const after = before === undefined ? {} : { after: versionKey(place, before) };
  const [entry] = reader.list(versionsOf(place), { ...after, limit: 1 });
  return entry && (JSON.parse(entry.value) as VersionRecord);
}

export function findOlder(reader: Reader, place: VersionPlace, versionId: string): VersionRecord | undefined {
  const sequence =
    versionId === NULL_VERSION ? reader.get(nullKey(place))?.value : String(sequenceIn(versionId));
  if (sequence === undefined) return undefined;
  const text = reader.get(versionKey(place, Number(sequence)))?.value;
  const version = text === undefined ? undefined : (JSON.parse(text) as VersionRecord);
  return version && versionIdOf(version) === versionId ? version : undefined;
}

export function putOlder(tx: Transaction, place: VersionPlace, version: VersionRecord): void {
  const sequence = sequenceOf(version);
  tx.put(versionKey(place, sequence), JSON.stringify(version));
  if (version.versionId === undefined) tx.put(nullKey(place), String(sequence));
}

export function deleteOlder(tx: Transaction, place: VersionPlace, version: VersionRecord): void {
  tx.delete(versionKey(place, sequenceOf(version)));
  if (version.versionId === undefined) tx.delete(nullKey(place));
}

/** Where a listing of versions goes on: after a version of a key, after all of them, or after a whole prefix. */
export interface VersionPosition {
  readonly afterVersion?: { readonly key: string; readonly sequence: number } | undefined;
  readonly afterKey?: string | undefined;
  readonly afterPrefix?: string | undefined;
}

export interface OlderVersion {
  readonly key: string;
  readonly version: VersionRecord;
}

/** At most `limit` versions that are no current objects, by the bytes of their keys, newest first. */
export function listOlder(
  reader: Reader,
  within: { readonly bucket: string; readonly prefix: string },
  position: VersionPosition,
  limit: number,
): OlderVersion[] {
  const root = versionRoot(within.bucket);
  if (Buffer.byteLength(within.prefix) > KEY_BYTES_MAX) return [];
  const after = storePosition(within.bucket, position);
  return listBehind(reader, root + escapeKey(within.prefix), after, limit).map(({ key, value }) => ({
    key: unescapeKey(key.slice(root.length, -(SEPARATOR.length + PLACE_CHARACTERS))),
    version: JSON.parse(value) as VersionRecord,
  }));
}

function storePosition(bucket: string, { afterVersion, afterKey, afterPrefix }: VersionPosition): string {
  if (afterPrefix !== undefined) return versionRoot(bucket) + escapeKey(cutToKey(afterPrefix)) + LAST;
  if (afterVersion) return versionKey({ bucket, key: cutToKey(afterVersion.key) }, afterVersion.sequence);
  return versionsOf({ bucket, key: cutToKey(afterKey ?? '') }) + LAST;
}
