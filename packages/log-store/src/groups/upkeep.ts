// Keeps the files in order behind the scenes: what is in the journal becomes segments, segments are merged, and what
// is hidden gives its space back. One group at a time, so that it costs little memory and never the whole machine.
import { rm } from 'node:fs/promises';
import type { Clock, Logger } from '@pergola/kernel';
import type { GroupDirectory } from './group-directory.ts';
import type { GroupFiles } from './group-files.ts';
import type { GroupLog } from './group-log.ts';
import type { Journal, JournalFile } from '../journal/journal.ts';
import type { Leases } from './leases.ts';
import { chooseMerge, type Merge, type MergeLimits } from '../segments/merge-choice.ts';

export interface UpkeepLimits extends MergeLimits {
  /** Message bytes that a group may have in the journal. */
  readonly groupBytesInJournal: number;
  readonly groupBatchesInJournal: number;
  /** Closed files of the journal; older ones are retired. */
  readonly closedFiles: number;
  /** Closed files of the journal at which appends have to wait until one is retired. */
  readonly closedFilesToWait: number;
}

export interface UpkeepParts {
  readonly directory: GroupDirectory;
  readonly journal: Journal;
  readonly leases: Leases;
  readonly files: GroupFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deleted: Map<string, JournalFile | undefined>;
  readonly limits: UpkeepLimits;
}

/** After upkeep has failed, a full disk say, it rests for so long. */
const REST_MS = 2_000;
const FAILURES_MAX = 8;

export class Upkeep {
  readonly #parts: UpkeepParts;
  /** Groups that want something done. */
  readonly #wanting = new Set<string>();
  #working: Promise<void> | undefined;
  #restUntilMs = 0;
  #closed = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Resolves when the journal is not far too long; at once, nearly always. */
  async roomInJournal(): Promise<void> {
    const { journal, limits } = this.#parts;
    if (journal.files.length > limits.closedFilesToWait && !this.#isResting()) await this.#work();
  }

  /** Called after each append. */
  afterAppend(log: GroupLog): void {
    const { groupBytesInJournal, groupBatchesInJournal } = this.#parts.limits;
    if (log.bytesInJournal > groupBytesInJournal || log.batchesInJournal > groupBatchesInJournal) {
      this.#want(log.key);
    }
  }

  /** Called after another file of the journal was begun. */
  afterBegun(): void {
    if (this.#parts.journal.files.length > this.#parts.limits.closedFiles + 1) void this.#work();
  }

  /** Called after something was hidden. */
  afterHiding(log: GroupLog): void {
    if (chooseMerge(log.segments, log.mask, this.#parts.limits)) this.#want(log.key);
  }

  /** Takes all of a group away; what reads it meanwhile finds nothing more. */
  async removeGroup(key: string): Promise<void> {
    const { directory, journal } = this.#parts;
    await directory.use(key, async (log) => {
      log.deleted = true;
      await log.upkeep;
    });
    this.#wanting.delete(key);
    for (const file of journal.files) file.holders.delete(key);
    await directory.remove(key);
    this.#retireEmptyFiles();
  }

  async retainOnly(keys: ReadonlySet<string>): Promise<void> {
    for (const key of this.#parts.directory.keys()) {
      if (!keys.has(key)) await this.removeGroup(key);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#parts.leases.settled();
  }

  #want(key: string): void {
    this.#wanting.add(key);
    void this.#work();
  }

  #isResting(): boolean {
    return this.#parts.clock.monotonicMs() < this.#restUntilMs;
  }

  /** Does all there is to do; those who come meanwhile wait for the same work. */
  #work(): Promise<void> {
    if (this.#closed || (!this.#working && this.#isResting())) return Promise.resolve();
    this.#working ??= this.#workOff().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async #workOff(): Promise<void> {
    const failed = new Set<string>();
    this.#retireEmptyFiles();
    for (let key = this.#next(failed); key !== undefined && !this.#closed; key = this.#next(failed)) {
      this.#wanting.delete(key);
      try {
        await this.#attendTo(key);
      } catch (error) {
        failed.add(key);
        this.#parts.logger.error({ error, key }, 'the upkeep of a log group failed; it is tried again later');
      }
      this.#retireEmptyFiles();
      // One group that fails does not keep the others waiting; when many do, it is the disk.
      if (failed.size >= FAILURES_MAX) break;
    }
    if (failed.size > 0) this.#restUntilMs = this.#parts.clock.monotonicMs() + REST_MS;
    for (const key of failed) this.#wanting.add(key);
  }

  /** Groups that keep an old file of the journal from being retired come first. */
  #next(failed: ReadonlySet<string>): string | undefined {
    const { journal, limits } = this.#parts;
    const [oldest] = journal.files;
    if (oldest && oldest !== journal.active && journal.files.length > limits.closedFiles + 1) {
      for (const holder of oldest.holders.keys()) if (!failed.has(holder)) return holder;
    }
    for (const key of this.#wanting) if (!failed.has(key)) return key;
    return undefined;
  }

  async #attendTo(key: string): Promise<void> {
    await this.#parts.directory.use(key, async (log) => {
      const work = this.#putInOrder(log);
      log.upkeep = work.catch(() => undefined);
      await work;
    });
  }

  async #putInOrder(log: GroupLog): Promise<void> {
    const { files, journal } = this.#parts;
    if (log.deleted) {
      for (const file of journal.files) file.holders.delete(log.key);
      return;
    }
    const changes = log.isUnsaved ? await files.flush(log) : log.changes;
    for (const { holders } of journal.files) {
      if (!log.isUnsaved || (holders.get(log.key) ?? 0) <= changes) holders.delete(log.key);
    }
    for (let merge = this.#mergeOf(log); merge; merge = this.#mergeOf(log)) await files.merge(log, merge);
  }

  #mergeOf(log: GroupLog): Merge | undefined {
    if (log.deleted || this.#closed) return undefined;
    return chooseMerge(log.segments, log.mask, this.#parts.limits);
  }

  #retireEmptyFiles(): void {
    const { journal, leases, deleted } = this.#parts;
    for (let [oldest] = journal.files; oldest && oldest !== journal.active; [oldest] = journal.files) {
      if (oldest.holders.size > 0) return;
      const { path } = oldest;
      journal.files.shift();
      for (const [key, file] of deleted) {
        if (file === oldest) deleted.delete(key);
      }
      leases.condemn(() => rm(path, { force: true }));
    }
  }
}
