// Writes what a group has to its folder: batches from the journal into segments, and segments into better ones.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '@pergola/kernel';
import type { BlockLoader } from '../files/block-loader.ts';
import { rewriteBlocks } from '../segments/block-rewrite.ts';
import type { Disk } from '../files/disk.ts';
import type { GroupDirectory } from './group-directory.ts';
import type { GroupLog, Segment } from './group-log.ts';
import type { Leases } from './leases.ts';
import { type LoadedBlock, spansOf, stretchesOf } from '../files/loaded-block.ts';
import { writeManifest } from '../segments/manifest.ts';
import { emptyMask, type Mask, pruneMask } from './mask.ts';
import type { Merge } from '../segments/merge-choice.ts';
import { ReadBuffer } from '../files/read-buffer.ts';
import { encodeBlock } from '../segments/segment-block.ts';
import { segmentName, type SegmentToWrite, writeSegment } from '../segments/segment-file.ts';
import { maskedOf, type StoredBlock } from '../files/stored-block.ts';

export interface GroupFilesParts {
  readonly directory: GroupDirectory;
  readonly loader: BlockLoader;
  readonly leases: Leases;
  readonly disk: Disk;
  readonly random: Random;
}

interface ManifestToWrite {
  readonly log: GroupLog;
  readonly segments: readonly Segment[];
  readonly mask: Mask;
  readonly flushedBefore: number;
}

export class GroupFiles {
  readonly #parts: GroupFilesParts;

  constructor(parts: GroupFilesParts) {
    this.#parts = parts;
  }

  /** Puts all that the journal holds of the group into a segment and the manifest. Returns the `changes` that are saved. */
  async flush(log: GroupLog): Promise<number> {
    const { changes, mask } = log;
    const blocks = log.freeze();
    const added = blocks.length > 0 ? await this.#write(log, { blocks, mask, packed: false }) : [];
    const last = blocks.at(-1);
    const flushedBefore = last ? last.firstSequence + last.count : log.flushedBefore;
    await this.#list({ log, segments: [...log.segments, ...added], mask, flushedBefore });
    log.flushedBefore = flushedBefore;
    log.install([...log.segments, ...added], blocks.length);
    log.saved(changes);
    return changes;
  }

  /** Writes some segments anew as one. The old files go when nobody reads them any more. */
  async merge(log: GroupLog, { from, to, packed }: Merge): Promise<void> {
    const old = log.segments.slice(from, to);
    const blocks = old.flatMap((segment) => segment.blocks);
    const merged = await this.#write(log, { blocks, mask: log.mask, packed });
    const segments = log.segments.toSpliced(from, to - from, ...merged);
    await this.#list({ log, segments, mask: log.mask, flushedBefore: log.flushedBefore });
    log.install(segments);
    for (const { facts } of old) {
      const path = join(this.#parts.directory.folderOf(log.key), facts.name);
      this.#parts.leases.condemn(() => rm(path, { force: true }));
    }
  }

  /** A new segment with what is visible of `blocks`; none when nothing is. */
  async #write(
    log: GroupLog,
    { blocks, mask, packed }: { blocks: readonly StoredBlock[]; mask: Mask; packed: boolean },
  ): Promise<Segment[]> {
    const { directory, disk, random } = this.#parts;
    const folder = directory.folderOf(log.key);
    await directory.makeFolder(log.key, disk);
    const number = log.nextSegment++;
    const target = { folder, number, salt: random.bytes(4).readUInt32LE(0), packed };
    try {
      const segment = await writeSegment(disk, target, this.#encoded(blocks, mask, target));
      if (segment.blocks.length > 0) {
        await disk.syncFolder(folder);
        return [segment];
      }
    } catch (error) {
      await this.#discard(target);
      throw error;
    }
    await this.#discard(target);
    return [];
  }

  async #discard({ folder, number }: SegmentToWrite): Promise<void> {
    await rm(join(folder, segmentName(number)), { force: true });
  }

  async *#encoded(blocks: readonly StoredBlock[], mask: Mask, { packed, salt }: SegmentToWrite) {
    const codec = packed ? 'packed' : 'plain';
    // Each frame has been written when the next one is asked for.
    const buffer = new ReadBuffer();
    for await (const block of rewriteBlocks(this.#loaded(blocks), mask)) {
      // What is hidden has been left out by now; what is GONE is never counted.
      const spans = spansOf(block, stretchesOf(block, emptyMask));
      yield await encodeBlock(block, spans, { codec, salt, buffer });
    }
  }

  async *#loaded(blocks: readonly StoredBlock[]): AsyncGenerator<LoadedBlock> {
    // Names of groups are for those who ask; segments do not hold them.
    const nobody = { account: '', name: '', key: '' };
    const buffer = new ReadBuffer();
    for (const block of blocks) {
      // Batches are copied together into a block; what comes from a segment stays where it was read to.
      const isCopied = block.source.kind === 'batches';
      const loaded = await this.#parts.loader.read(nobody, block, isCopied ? buffer : undefined);
      if (loaded) yield loaded;
    }
  }

  async #list({ log, segments, mask, flushedBefore }: ManifestToWrite): Promise<void> {
    const { directory, disk } = this.#parts;
    const folder = directory.folderOf(log.key);
    await directory.makeFolder(log.key, disk);
    const inJournal = log.blocks().filter((block) => block.source.kind === 'batches');
    const blocks = [...segments.flatMap((segment) => segment.blocks), ...inJournal];
    const pruned = pruneMask(mask, blocks.map(maskedOf));
    await writeManifest(disk, folder, {
      version: 1,
      nextSequence: flushedBefore,
      nextSegment: log.nextSegment,
      expiries: pruned.expiries,
      deletedStreams: [...pruned.streams],
      segments: segments.map((segment) => segment.facts),
    });
    if (log.mask === mask) log.mask = pruned;
  }
}
