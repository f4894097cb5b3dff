// The groups that are known in memory. A group is opened when somebody asks for it, from its manifest and from what
// the journal still holds of it; groups that lie wholly on the disk are forgotten again when there are many.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { Leases } from './leases.ts';
import type { Remnant } from '../journal/journal-replay.ts';
import type { Disk } from '../files/disk.ts';
import { GroupLog, type Segment } from './group-log.ts';
import { type Manifest, readManifest } from '../segments/manifest.ts';
import { rescueManifest } from '../segments/manifest-rescue.ts';
import { withDeletedStream, withExpiry } from './mask.ts';
import { readSegment, segmentNumber } from '../segments/segment-file.ts';

/** A key that can name a folder, and nothing else. */
export function isGroupKey(text: string): boolean {
  return /^[a-z0-9]{1,64}$/.test(text);
}

export interface DirectoryParts {
  readonly folder: string;
  readonly logger: Logger;
  readonly leases: Leases;
  /** What the journal holds of each group. */
  readonly remnants: Map<string, Remnant[]>;
  /** The groups that have a folder. */
  readonly folders: Set<string>;
  /** Groups that are kept open although nobody uses them. */
  readonly openGroups: number;
}

export class GroupDirectory {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #leases: Leases;
  readonly #remnants: Map<string, Remnant[]>;
  readonly #folders: Set<string>;
  readonly #logs = new Map<string, Promise<GroupLog>>();
  readonly #open = new Map<string, GroupLog>();
  readonly #openGroups: number;
  #forgetAt: number;
  readonly #users = new Map<string, number>();

  constructor(parts: DirectoryParts) {
    this.#folder = parts.folder;
    this.#logger = parts.logger;
    this.#leases = parts.leases;
    this.#remnants = parts.remnants;
    this.#folders = parts.folders;
    this.#openGroups = parts.openGroups;
    this.#forgetAt = parts.openGroups;
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

  /** Makes the group's folder unless it is there. */
  async makeFolder(key: string, disk: Disk): Promise<void> {
    if (this.#folders.has(key)) return;
    await mkdir(this.folderOf(key), { recursive: true, mode: 0o700 });
    await disk.syncFolder(this.#folder);
    this.#folders.add(key);
  }

  /** Groups that have something in memory, in the journal or in a folder. */
  keys(): Set<string> {
    return new Set([...this.#logs.keys(), ...this.#remnants.keys(), ...this.#folders]);
  }

  /** Removes the group's folder and what is in memory of it. */
  async remove(key: string): Promise<void> {
    this.#forget(key);
    await rm(this.folderOf(key), { recursive: true, force: true });
    this.#forget(key);
  }

  #forget(key: string): void {
    this.#folders.delete(key);
    this.#logs.delete(key);
    this.#open.delete(key);
    this.#remnants.delete(key);
  }

  async #openGroup(key: string): Promise<GroupLog> {
    const log = new GroupLog(key);
    if (this.#folders.has(key)) await this.#readFolder(log);
    this.#replay(log);
    this.#open.set(key, log);
    return log;
  }

  async #readFolder(log: GroupLog): Promise<void> {
    const folder = this.folderOf(log.key);
    const manifest = await this.#manifestOf(folder);
    if (manifest) {
      log.mask = { expiries: manifest.expiries, streams: new Map(manifest.deletedStreams) };
      log.nextSequence = manifest.nextSequence;
      log.flushedBefore = manifest.nextSequence;
      log.nextSegment = manifest.nextSegment;
      const segments: Segment[] = [];
      for (const facts of manifest.segments) segments.push(await readSegment(folder, facts, this.#logger));
      log.install(segments);
    }
    await this.#removeUnlisted(log, new Set(manifest?.segments.map((facts) => facts.name)));
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
    if (this.#open.size < this.#forgetAt) return;
    for (const [key, log] of this.#open) {
      if (this.#users.has(key) || log.isUnsaved) continue;
      this.#open.delete(key);
      this.#logs.delete(key);
    }
    // Those that cannot be forgotten are not looked at again for each that comes.
    this.#forgetAt = Math.max(this.#openGroups, this.#open.size * 2);
  }
}
