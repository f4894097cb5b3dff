// Version ids: opaque to clients, like AWS's, but the place of a version among its siblings can be read from them. So
// finding a version is one read, and a listing goes on behind a version that was deleted meanwhile.
import type { Random } from '@pergola/kernel';
import { faults } from './faults.ts';

/** The id of versions written while a bucket had no versioning, or had it suspended. */
export const NULL_VERSION = 'null';
/** Sequences are 48 bits wide. */
export const SEQUENCE_MAX = 2 ** 48 - 1;

const RANDOM_BYTES = 18;
const SEQUENCE_BYTES = 6;

/** 32 characters: 144 random bits, and the sequence hidden behind the first of them. */
export function makeVersionId(random: Random, sequence: number): string {
  const bytes = Buffer.alloc(RANDOM_BYTES + SEQUENCE_BYTES);
  bytes.set(random.bytes(RANDOM_BYTES));
  bytes.writeUIntBE(sequence, RANDOM_BYTES, SEQUENCE_BYTES);
  veil(bytes);
  return bytes.toString('base64url').replaceAll('-', '.');
}

/** The sequence that an id was made for; of an id that nobody made, any number. */
export function sequenceIn(versionId: string): number {
  const bytes = Buffer.from(versionId.replaceAll('.', '-'), 'base64url');
  veil(bytes);
  return bytes.readUIntBE(RANDOM_BYTES, SEQUENCE_BYTES);
}

/** Its own inverse. */
function veil(bytes: Buffer): void {
  for (let at = 0; at < SEQUENCE_BYTES; at++)
    bytes.writeUInt8(bytes.readUInt8(RANDOM_BYTES + at) ^ bytes.readUInt8(at), RANDOM_BYTES + at);
}

export function isVersionId(text: string): boolean {
  return text === NULL_VERSION || /^[A-Za-z0-9._]{32}$/.test(text);
}

/** Refuses what cannot be the id of any version. */
export function assertVersionId(versionId: string, argument = 'versionId'): void {
  if (isVersionId(versionId)) return;
  throw faults.invalidArgument('Invalid version id specified', argument, versionId);
}
