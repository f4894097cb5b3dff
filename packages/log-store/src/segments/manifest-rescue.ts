// What a group's manifest must have said, found out from its segments when the manifest itself is damaged.
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { frameKinds, kindOf } from '../files/frame.ts';
import { scanFrames } from '../journal/journal-scan.ts';
import type { Manifest, SegmentFacts } from './manifest.ts';
import { type BlockFacts, decodeFacts } from './segment-block.ts';
import { segmentNumber } from './segment-file.ts';

interface Found {
  readonly number: number;
  readonly facts: SegmentFacts;
  readonly firstSequence: number;
  readonly endSequence: number;
}

/**
 * A manifest of the segments in `folder`. Where a segment and those that it was merged from are both there, the later
 * one counts. What was hidden and not yet removed is seen again.
 */
export async function rescueManifest(folder: string): Promise<Manifest> {
  const found: Found[] = [];
  for (const name of await readdir(folder)) {
    const number = segmentNumber(name);
    const segment = number === undefined ? undefined : await lookInto(folder, name, number);
    if (segment) found.push(segment);
  }
  const counting: Found[] = [];
  for (const segment of found.sort((left, right) => right.number - left.number)) {
    if (!counting.some((other) => overlap(other, segment))) counting.push(segment);
  }
  counting.sort((left, right) => left.firstSequence - right.firstSequence);
  return {
    version: 1,
    nextSequence: counting.at(-1)?.endSequence ?? 0,
    nextSegment: (found[0]?.number ?? 0) + 1,
    expiries: [],
    deletedStreams: [],
    segments: counting.map(({ facts }) => facts),
  };
}

function overlap(left: Found, right: Found): boolean {
  return left.firstSequence < right.endSequence && right.firstSequence < left.endSequence;
}

/** Undefined when nothing in the file is whole. */
async function lookInto(folder: string, name: string, number: number): Promise<Found | undefined> {
  const file = await open(join(folder, name), 'r');
  try {
    const blocks: BlockFacts[] = [];
    const { salt, wholeBytes } = await scanBlocks(file, blocks);
    const first = blocks[0];
    const last = blocks.at(-1);
    if (salt === undefined || !first || !last) return undefined;
    const messageBytes = blocks.reduce((sum, block) => sum + block.messageBytes, 0);
    const packed = first.codec === 'packed';
    // No index is expected where the file ends, so that it is made again from the blocks.
    const facts = { name, salt, packed, sizeBytes: wholeBytes, indexAt: wholeBytes, messageBytes };
    return {
      number,
      facts,
      firstSequence: first.firstSequence,
      endSequence: last.firstSequence + last.count,
    };
  } finally {
    await file.close();
  }
}

function scanBlocks(file: FileHandle, blocks: BlockFacts[]) {
  return scanFrames(file, (frame) => {
    if (kindOf(frame) === frameKinds.block) blocks.push(decodeFacts(frame));
  });
}
