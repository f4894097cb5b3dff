// A group's manifest: which segments count, and what is hidden of them. Written anew as a whole, so that old and new
// segments never both count.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disk, replaceFile } from '../files/disk.ts';
import { FRAME_HEADER_BYTES, frameKinds, frameOf, isWhole } from '../files/frame.ts';
import type { Expiry } from '../groups/mask.ts';

/** A segment file as the manifest lists it. */
export interface SegmentFacts {
  /** Name within the group's folder. */
  readonly name: string;
  readonly salt: number;
  readonly sizeBytes: number;
  /** Bytes from the beginning of the file to its index. */
  readonly indexAt: number;
  readonly messageBytes: number;
  readonly packed: boolean;
}

export interface Manifest {
  readonly version: 1;
  /** Batches in the journal below this sequence are in segments. */
  readonly nextSequence: number;
  readonly nextSegment: number;
  readonly expiries: readonly Expiry[];
  readonly deletedStreams: readonly (readonly [stream: string, beforeSequence: number])[];
  /** In the order of their sequences. */
  readonly segments: readonly SegmentFacts[];
}

const MANIFEST_NAME = 'manifest';
/** A manifest is written and read as a whole, so that its salt needs no secrecy. */
const MANIFEST_SALT = 1;

/** The manifest in `folder`; undefined when there is none, `damaged` when it is not what was written. */
export async function readManifest(folder: string): Promise<Manifest | 'damaged' | undefined> {
  try {
    const frame = await readFile(join(folder, MANIFEST_NAME));
    if (frame.length < FRAME_HEADER_BYTES || !isWhole(frame, MANIFEST_SALT)) return 'damaged';
    return JSON.parse(frame.toString('utf8', FRAME_HEADER_BYTES)) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeManifest(disk: Disk, folder: string, manifest: Manifest): Promise<void> {
  const body = Buffer.from(JSON.stringify(manifest), 'utf8');
  return replaceFile(disk, join(folder, MANIFEST_NAME), [frameOf(frameKinds.manifest, body, MANIFEST_SALT)]);
}
