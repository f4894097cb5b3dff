// Keeps the files in order behind the scenes: what is in the journal becomes segments, what is hidden goes.
import { readdir, rm } from 'node:fs/promises';
import type { Logger, Random } from '@pergola/kernel';
import type { BlockLoader } from './block-loader.ts';
import type { Disk } from './disk.ts';
import type { GroupDirectory } from './group-directory.ts';
import type { GroupLog } from './group-log.ts';
import type { Journal, JournalFile } from './journal.ts';
import type { Leases } from './leases.ts';

export interface UpkeepParts {
  readonly folder: string;
  readonly directory: GroupDirectory;
  readonly journal: Journal;
  readonly loader: BlockLoader;
  readonly leases: Leases;
  readonly disk: Disk;
  readonly random: Random;
  readonly logger: Logger;
  readonly deleted: Map<string, JournalFile | undefined>;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Called after each append: a group that has grown long in the journal is put into segments. */
  afterAppend(_log: GroupLog): void {}

  /** Called after a file of the journal was closed. */
  afterRoll(): void {}

  /** Called after something was hidden. */
  afterHiding(_log: GroupLog): void {}

  async removeGroup(key: string): Promise<void> {
    this.#parts.directory.forget(key);
    await rm(this.#parts.directory.folderOf(key), { recursive: true, force: true });
  }

  async retainOnly(keys: ReadonlySet<string>): Promise<void> {
    const { directory, folder } = this.#parts;
    const folders = (await readdir(folder)).filter((name) => /^[a-z0-9]{1,64}$/.test(name));
    for (const key of new Set([...folders, ...directory.keys()])) {
      if (!keys.has(key)) await this.removeGroup(key);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#running);
  }
}
