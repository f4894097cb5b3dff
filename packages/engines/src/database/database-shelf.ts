// The databases of one family and their snapshots, as folders: made out of sight from a template or a snapshot, opened once,
// copied, removed.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseEngine } from '../contract.ts';
import { copyFolder, flushFolder, makeFolder } from '../files/folders.ts';
import { safeName } from '../files/safe-name.ts';
import { type DatabaseRecord, flushRecord, readRecord, writeRecord } from './database-files.ts';
import { SpareCopies } from './spare-copy.ts';

/** What a new database begins as. */
export interface Origin {
  /** The folder that its data is a copy of. Of a template another copy is made in advance. */
  readonly source: string;
  readonly isTemplate: boolean;
  readonly record: DatabaseRecord;
}

export interface Making<T> {
  /** The engine on the copy. */
  readonly open: () => Promise<T>;
  /** What is done to it once it runs. */
  readonly finish: (database: T) => Promise<void>;
}

export class DatabaseShelf<T extends DatabaseEngine> {
  readonly #folder: string;
  readonly #isDurable: boolean;
  readonly #spares: SpareCopies;
  readonly #open = new Map<string, T>();
  #isClosing = false;

  constructor(folder: string, durability: 'durable' | 'ephemeral') {
    this.#folder = folder;
    this.#isDurable = durability === 'durable';
    this.#spares = new SpareCopies();
  }

  home(id: string): string {
    return join(this.#folder, 'databases', safeName(id));
  }

  snapshotHome(id: string): string {
    return join(this.#folder, 'snapshots', safeName(id));
  }

  /** The engine that is open under that id. */
  known(id: string): T | undefined {
    return this.#open.get(id);
  }

  keep(database: T): void {
    this.#open.set(database.id, database);
  }

  forget(id: string): void {
    this.#open.delete(id);
  }

  /** Rejects once the host is being disposed of: a copy takes long enough for that to have happened meanwhile. */
  assertOpen(): void {
    if (this.#isClosing) throw new Error('the engines are being stopped');
  }

  /** Nothing is left of a failure. */
  async make(id: string, origin: Origin, making: Making<T>): Promise<T> {
    const { source, record, isTemplate } = origin;
    const home = this.home(id);
    const existing = await readRecord(home);
    if (existing?.isComplete || this.#open.has(id)) throw new Error(`there is a database ${id} already`);
    // What an earlier process did not finish is of no use to anybody.
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    await makeFolder(home, async (partial) => {
      const data = join(partial, 'data');
      await (isTemplate ? this.#spares.take(source, data) : copyFolder(source, data));
      await writeRecord(partial, { ...record, isComplete: false });
    });
    const database = await making.open();
    try {
      // The server flushes what it writes itself. What was copied is flushed beside its start.
      const flushed = this.#isDurable ? flushFolder(home) : undefined;
      await Promise.all([flushed, database.start().then(() => making.finish(database))]);
      await writeRecord(home, { ...record, isComplete: true });
      if (this.#isDurable) await flushRecord(home);
      if (isTemplate) this.#spares.refill(source);
      return database;
    } catch (error) {
      await database.remove();
      throw error;
    }
  }

  /** The record of a snapshot; rejects when there is none. */
  async snapshotRecord(snapshotId: string): Promise<DatabaseRecord> {
    const record = await readRecord(this.snapshotHome(snapshotId));
    if (!record) throw new Error(`there is no snapshot ${snapshotId}`);
    return record;
  }

  async removeSnapshot(snapshotId: string): Promise<void> {
    await rm(this.snapshotHome(snapshotId), { recursive: true, force: true, maxRetries: 5 });
  }

  /** False when there is no snapshot `from`. */
  async copySnapshot(from: string, to: string): Promise<boolean> {
    const [source, target] = [this.snapshotHome(from), this.snapshotHome(to)];
    if (!(await readRecord(source))) return false;
    if (await readRecord(target)) throw new Error(`there is a snapshot ${to} already`);
    await makeFolder(target, async (partial) => {
      await copyFolder(source, partial);
      if (this.#isDurable) await flushFolder(partial);
    });
    return true;
  }

  /** Stops all of them at the same time; none is made any more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const stopped = [...this.#open.values()].map((database) => database.stop());
    await Promise.all([...stopped, this.#spares.close()]);
  }
}
