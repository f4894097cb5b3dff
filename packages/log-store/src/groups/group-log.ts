// What the store knows in memory of one group: its blocks in segments and in the journal, and what is hidden of them.
import { BatchRun, type PlacedBatch, type RunFile } from '../files/batch-run.ts';
import type { SegmentFacts } from '../segments/manifest.ts';
import { emptyMask, type Mask } from './mask.ts';
import { maskCovers, type StoredBlock } from '../files/stored-block.ts';

/** A segment of the group with the blocks in it. */
export interface Segment {
  readonly facts: SegmentFacts;
  readonly blocks: readonly StoredBlock[];
}

export class GroupLog {
  readonly key: string;
  segments: readonly Segment[] = [];
  /** What hides events; replaced as a whole. */
  mask: Mask = emptyMask;
  /** Of the next event to be accepted. */
  nextSequence = 0;
  /** Batches below it are in segments. */
  flushedBefore = 0;
  /** Of the next segment file. */
  nextSegment = 1;
  deleted = false;
  /** Work on the group's files, one after another. */
  upkeep: Promise<unknown> = Promise.resolve();
  #changes = 0;
  #savedChanges = 0;
  #runs: BatchRun[] = [];
  #frozen = 0;
  #bytesInJournal = 0;
  #batchesInJournal = 0;
  #blocks: readonly StoredBlock[] | undefined;

  constructor(key: string) {
    this.key = key;
  }

  /** Counts what was written to the journal about this group. */
  get changes(): number {
    return this.#changes;
  }

  /** True while the journal says something of the group that its manifest does not. */
  get isUnsaved(): boolean {
    return this.#changes > this.#savedChanges;
  }

  /** The manifest has what `changes` counted then. */
  saved(changes: number): void {
    this.#savedChanges = changes;
  }

  /** Message bytes that are in no segment yet. */
  get bytesInJournal(): number {
    return this.#bytesInJournal;
  }

  get batchesInJournal(): number {
    return this.#batchesInJournal;
  }

  /** The blocks that hold something to be seen, in the order of their sequences. */
  blocks(): readonly StoredBlock[] {
    this.#blocks ??= [
      ...this.segments.flatMap((segment) => segment.blocks),
      ...this.#runs.map((run) => run.block()),
    ].filter((block) => !maskCovers(this.mask, block));
    return this.#blocks;
  }

  /** The block that holds the event of this sequence, if any does. */
  blockOf(sequence: number): StoredBlock | undefined {
    const blocks = this.blocks();
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((blocks[middle]?.firstSequence ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    const block = blocks[low - 1];
    return block && sequence < block.firstSequence + block.count ? block : undefined;
  }

  /** Adds a batch that is on the disk. */
  place(file: RunFile, batch: PlacedBatch): void {
    const last = this.#runs.length > this.#frozen ? this.#runs.at(-1) : undefined;
    if (last?.fits(file, batch)) last.add(batch);
    else this.#runs.push(new BatchRun(file, batch));
    this.#bytesInJournal += batch.head.messageBytes;
    this.#batchesInJournal++;
    this.#changes++;
    this.nextSequence = Math.max(this.nextSequence, batch.head.firstSequence + batch.head.count);
    this.#blocks = undefined;
  }

  /** Hides more than before, as the journal says. */
  hide(mask: Mask): void {
    this.mask = mask;
    this.#changes++;
    this.#blocks = undefined;
  }

  /** The blocks in the journal by now; batches that come later go to others. */
  freeze(): readonly StoredBlock[] {
    this.#frozen = this.#runs.length;
    return this.#runs.map((run) => run.block());
  }

  /** Puts other segments in place; `fromJournal` of the blocks that `freeze` gave are now among them. */
  install(segments: readonly Segment[], fromJournal = 0): void {
    this.segments = segments;
    for (const run of this.#runs.splice(0, fromJournal)) {
      this.#bytesInJournal -= run.messageBytes;
      this.#batchesInJournal -= run.batches;
    }
    this.#frozen -= fromJournal;
    this.#blocks = undefined;
  }
}
