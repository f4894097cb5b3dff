// A group's manifest: which segments count, and what is hidden of them. Written anew as a whole, so that old and new
// segments never both count.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disk, replaceFile } from './disk.ts';
import type { Expiry } from './mask.ts';

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

const MANIFEST_NAME = 'manifest.json';

/** The manifest in `folder`; undefined when there is none. Throws when it is damaged. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, MANIFEST_NAME), 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeManifest(disk: Disk, folder: string, manifest: Manifest): Promise<void> {
  return replaceFile(disk, join(folder, MANIFEST_NAME), [Buffer.from(JSON.stringify(manifest), 'utf8')]);
}
