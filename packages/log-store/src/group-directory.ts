// The groups that are known in memory. A group is opened when somebody asks for it, from its manifest and from what
// the journal still holds of it; groups that lie wholly on the disk are forgotten again when there are many.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { Leases } from './leases.ts';
import type { Remnant } from './journal-replay.ts';
import { GroupLog } from './group-log.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { rescueManifest } from './manifest-rescue.ts';
import { withDeletedStream, withExpiry } from './mask.ts';
import { readSegment, segmentNumber } from './segment-file.ts';

/** Groups that are kept open although nobody uses them. */
const OPEN_GROUPS_MAX = 512;

export class GroupDirectory {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #leases: Leases;
  readonly #remnants: Map<string, Remnant[]>;
  readonly #logs = new Map<string, Promise<GroupLog>>();
  readonly #open = new Map<string, GroupLog>();
  readonly #users = new Map<string, number>();

  /** `remnants` is what the journal holds of each group. */
  constructor(parts: { folder: string; logger: Logger; leases: Leases }, remnants: Map<string, Remnant[]>) {
    this.#folder = parts.folder;
    this.#logger = parts.logger;
    this.#leases = parts.leases;
    this.#remnants = remnants;
  }

  /** Hands the group to `work`, and keeps it open meanwhile. Those who ask first for a group get it first. */
  async use<T>(key: string, work: (log: GroupLog) => Promise<T>): Promise<T> {
    this.#users.set(key, (this.#users.get(key) ?? 0) + 1);
    try {
      return await work(await this.#log(key));
    } finally {
      const left = (this.#users.get(key) ?? 1) - 1;
      if (left > 0) this.#users.set(key, left);
      else this.#users.delete(key);
    }
  }

  /** Not an async function: all wait for the same promise, so that they go on in the order in which they came. */
  #log(key: string): Promise<GroupLog> {
    const known = this.#logs.get(key);
    if (known) return known;
    this.#forgetIdle();
    const opened = this.#openGroup(key);
    this.#logs.set(key, opened);
    opened.catch(() => this.#logs.delete(key));
    return opened;
  }

  folderOf(key: string): string {
    return join(this.#folder, key);
  }

  /** Groups that have something in memory or in the journal. */
  keys(): Set<string> {
    return new Set([...this.#logs.keys(), ...this.#remnants.keys()]);
  }

  forget(key: string): void {
    this.#logs.delete(key);
    this.#open.delete(key);
    this.#remnants.delete(key);
  }

  async #openGroup(key: string): Promise<GroupLog> {
    const folder = this.folderOf(key);
    const log = new GroupLog(key);
    const manifest = await this.#manifestOf(folder);
    if (manifest) {
      log.mask = { expiries: manifest.expiries, streams: new Map(manifest.deletedStreams) };
      log.nextSequence = manifest.nextSequence;
      log.flushedBefore = manifest.nextSequence;
      log.nextSegment = manifest.nextSegment;
      const segments = await Promise.all(
        manifest.segments.map((facts) => readSegment(folder, facts, this.#logger)),
      );
      log.install(segments);
    }
    await this.#removeUnlisted(log, new Set(manifest?.segments.map((facts) => facts.name)));
    this.#replay(log);
    this.#open.set(key, log);
    return log;
  }

  async #manifestOf(folder: string): Promise<Manifest | undefined> {
    const manifest = await readManifest(folder);
    if (manifest !== 'damaged') return manifest;
    this.#logger.error(
      { folder },
      'the manifest of a log group is damaged and was made again from its segments',
    );
    return rescueManifest(folder);
  }

  #replay(log: GroupLog): void {
    const { flushedBefore } = log;
    for (const remnant of this.#remnants.get(log.key) ?? []) {
      if ('batch' in remnant) {
        if (remnant.batch.head.firstSequence >= flushedBefore) log.place(remnant.file, remnant.batch);
      } else if (remnant.control.what === 'expire') {
        log.hide(withExpiry(log.mask, remnant.control));
      } else if (remnant.control.what === 'delete-stream') {
        log.hide(withDeletedStream(log.mask, remnant.control.stream, remnant.control.beforeSequence));
      }
    }
    this.#remnants.delete(log.key);
  }

  /**
   * Segments that a crash has left between being written and being listed, or between that and being removed. Their
   * names are not used again: somebody who knew the group before may still read them.
   */
  async #removeUnlisted(log: GroupLog, listed: ReadonlySet<string>): Promise<void> {
    const folder = this.folderOf(log.key);
    for (const name of await readdir(folder).catch(() => [])) {
      const number = segmentNumber(name);
      if (number === undefined || listed.has(name)) continue;
      log.nextSegment = Math.max(log.nextSegment, number + 1);
      this.#leases.condemn(() => rm(join(folder, name), { force: true }));
    }
  }

  #forgetIdle(): void {
    if (this.#open.size < OPEN_GROUPS_MAX) return;
    for (const [key, log] of this.#open) {
      if (this.#users.has(key) || log.isUnsaved) continue;
      this.#open.delete(key);
      this.#logs.delete(key);
      if (this.#open.size < OPEN_GROUPS_MAX / 2) break;
    }
  }
}
