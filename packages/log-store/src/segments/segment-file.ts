// Segments: files of one group that are written once. Blocks, then an index of them; the manifest says where the index
// begins. A damaged index is made again from what the blocks say of themselves.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { Disk } from '../files/disk.ts';
import {
  FILE_HEADER_BYTES,
  FRAME_HEADER_BYTES,
  fileHeader,
  frameKinds,
  frameOf,
  isWhole,
  kindOf,
} from '../files/frame.ts';
import type { Segment } from '../groups/group-log.ts';
import { readAt, scanFrames } from '../journal/journal-scan.ts';
import type { SegmentFacts } from './manifest.ts';
import { type BlockFacts, decodeFacts } from './segment-block.ts';
import type { StoredBlock } from '../files/stored-block.ts';

interface IndexEntry {
  readonly facts: BlockFacts;
  readonly offset: number;
  readonly length: number;
}

export interface SegmentToWrite {
  readonly folder: string;
  readonly number: number;
  readonly salt: number;
  readonly packed: boolean;
}

/** Writes the blocks, one at a time, and resolves when the disk has all of them. Nothing refers to the file yet. */
export async function writeSegment(
  disk: Disk,
  { folder, number, salt, packed }: SegmentToWrite,
  blocks: AsyncIterable<{ readonly frame: Buffer; readonly facts: BlockFacts }>,
): Promise<Segment> {
  const name = segmentName(number);
  const file = await disk.openFile(join(folder, name));
  try {
    await file.truncate(0);
    await file.write([fileHeader(salt)], 0);
    const entries: IndexEntry[] = [];
    let at = FILE_HEADER_BYTES;
    for await (const { frame, facts } of blocks) {
      await file.write([frame], at);
      entries.push({ facts, offset: at, length: frame.length });
      at += frame.length;
    }
    const index = frameOf(frameKinds.index, Buffer.from(JSON.stringify(entries), 'utf8'), salt);
    await file.write([index], at);
    await file.sync();
    const messageBytes = entries.reduce((sum, { facts }) => sum + facts.messageBytes, 0);
    const facts = { name, salt, packed, sizeBytes: at + index.length, indexAt: at, messageBytes };
    return segmentOf(folder, facts, entries);
  } finally {
    await file.close();
  }
}

/** The segment that a manifest lists. Damage is logged; what cannot be read is left out. */
export async function readSegment(folder: string, facts: SegmentFacts, logger: Logger): Promise<Segment> {
  const path = join(folder, facts.name);
  try {
    const file = await open(path, 'r');
    try {
      const index = await readAt(file, facts.indexAt, facts.sizeBytes - facts.indexAt);
      if (index.length > FRAME_HEADER_BYTES && isWhole(index, facts.salt)) {
        const text = index.toString('utf8', FRAME_HEADER_BYTES);
        return segmentOf(folder, facts, JSON.parse(text) as IndexEntry[]);
      }
      logger.error({ path }, 'the index of a log segment is damaged and was made again from its blocks');
      const entries: IndexEntry[] = [];
      await scanFrames(file, (frame, offset) => {
        if (kindOf(frame) !== frameKinds.block) return;
        entries.push({ facts: decodeFacts(frame), offset, length: frame.length });
      });
      return segmentOf(folder, facts, entries);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    logger.error({ path }, 'a log segment is missing');
    return { facts, blocks: [] };
  }
}

export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.segment`;
}

export function segmentNumber(name: string): number | undefined {
  const match = /^(\d{8,15})\.segment$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

function segmentOf(folder: string, facts: SegmentFacts, entries: readonly IndexEntry[]): Segment {
  const path = join(folder, facts.name);
  return { facts, blocks: entries.map((entry) => storedBlock(path, facts.salt, entry)) };
}

function storedBlock(path: string, salt: number, { facts, offset, length }: IndexEntry): StoredBlock {
  const { firstSequence, count, minMs, maxMs, messageBytes, spans } = facts;
  const frames = Float64Array.of(offset, length);
  return {
    firstSequence,
    count,
    minMs,
    maxMs,
    messageBytes,
    spans,
    source: { path, salt, frames, kind: 'block' },
  };
}
