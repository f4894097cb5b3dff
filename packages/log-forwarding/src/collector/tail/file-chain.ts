// A log as one run of bytes over all its files: those rotated away that were not read to their end, then the live one.
// Positions count from where this chain began and say nothing to the next process; checkpoints name files and offsets.
import { ChainLink } from './chain-link.ts';
import { type FileIdentity, type FileState, fileStateAt, hasIdentity, isSameFile } from './log-file.ts';
import type { OpenFiles } from './open-files.ts';
import { type RotatedFile, rotatedFilesOf } from './rotated-files.ts';

/** Files of one log that are kept for reading; the kubelet keeps five. Deleted ones would fill the disk unseen. */
const linksMax = 10;

/** After a rename the writer may still hold the old file for a moment. */
const rotationGraceMs = 500;

/** Bytes by which a file may still grow after its successor was found, without their positions meeting. */
const baseGap = 2 ** 32;

export interface FilePosition {
  readonly file: FileIdentity;
  readonly offset: number;
}

/** Where a former process stopped. */
export interface ChainStart {
  readonly resume: FilePosition;
  readonly done: FilePosition;
}

export interface FileChainOptions {
  readonly path: string;
  readonly files: OpenFiles;
  readonly start?: ChainStart | undefined;
  /** Counts a file that was cut back to fewer bytes than were read. */
  readonly truncated: () => void;
}

export class FileChain {
  readonly path: string;
  readonly #files: OpenFiles;
  readonly #truncated: () => void;
  #start: ChainStart | undefined;
  /** The oldest first. Those before `#reading` wait until what they held is delivered. */
  #links: ChainLink[] = [];
  #reading = 0;
  #skipTo = 0;
  /** The live path has held nothing since then. */
  #missingSinceMs: number | undefined;
  /** Bytes of files that were given up unread. */
  lostBytes = 0;

  constructor({ path, files, start, truncated }: FileChainOptions) {
    this.path = path;
    this.#files = files;
    this.#start = start;
    this.#truncated = truncated;
  }

  /** Position up to which lines were delivered by a former process. */
  get skipTo(): number {
    return this.#skipTo;
  }

  get position(): number {
    return this.#links[this.#reading]?.endPosition ?? 0;
  }

  /** Bytes that stand in the files and were not read. */
  get unreadBytes(): number {
    let bytes = 0;
    for (const link of this.#links.slice(this.#reading)) bytes += Math.max(0, link.sizeBytes - link.offset);
    return bytes;
  }

  /** Milliseconds since the live path is empty and everything was read; undefined while there is a file. */
  goneForMs(nowMs: number): number | undefined {
    const last = this.#links.at(-1);
    if (this.#missingSinceMs === undefined || (last && !last.isDrained)) return undefined;
    return nowMs - this.#missingSinceMs;
  }

  /** Whether no file of the log is left under any name. */
  get hasVanished(): boolean {
    return fileStateAt(this.path) === undefined && rotatedFilesOf(this.path).length === 0;
  }

  /** Looks for new bytes and new files. True when there is something to read. */
  poll(nowMs: number): boolean {
    const live = fileStateAt(this.path);
    if (live) this.#missingSinceMs = undefined;
    else if (this.#missingSinceMs === undefined) {
      this.#missingSinceMs = nowMs;
      this.#awaitLateBytes();
    }
    if (this.#links.length === 0) this.#begin(live);
    else this.#follow(live);
    return this.#advance(nowMs);
  }

  /** Fills `target` from the position, which moves only by `consume`. Bytes read. */
  read(target: Buffer): number {
    const link = this.#links[this.#reading];
    const bytes = link?.read(target) ?? 0;
    if (bytes !== 'gone') return bytes;
    // It was closed to make room for others, and deleted before its turn came.
    if (link) this.#lose(link);
    return 0;
  }

  /** `bytes` of the `available` ones were whole lines. */
  consume(bytes: number, available: number): void {
    const link = this.#links[this.#reading];
    if (!link) return;
    if (bytes === 0) link.stall(link.offset + available);
    link.offset += bytes;
    link.sizeBytes = Math.max(link.sizeBytes, link.offset);
  }

  /** Whether no byte will follow those of the file being read. */
  isEndOfFile(nowMs: number): boolean {
    const link = this.#links[this.#reading];
    if (!link) return false;
    const isFollowed = this.#reading < this.#links.length - 1 || this.#missingSinceMs !== undefined;
    return isFollowed && link.drainedSinceMs !== undefined && nowMs - link.drainedSinceMs >= rotationGraceMs;
  }

  /** The file and offset of a position; undefined when the file is gone. */
  locate(position: number): FilePosition | undefined {
    const link = this.#links.findLast(({ base }) => base <= position) ?? this.#links[0];
    const file = link?.identity();
    return link && file && { file, offset: Math.max(0, position - link.base) };
  }

  /** Everything before `position` is delivered: files that ended before it are closed. */
  release(position: number): void {
    while (this.#reading > 0 && (this.#links[1]?.base ?? Number.POSITIVE_INFINITY) <= position) {
      this.#links.shift()?.close();
      this.#reading -= 1;
    }
  }

  close(): void {
    for (const link of this.#links) link.close();
    this.#links = [];
    this.#reading = 0;
  }

  /** The first look: all files of the log, or those from where a former process stopped. */
  #begin(live: FileState | undefined): void {
    const found = rotatedFilesOf(this.path);
    if (live) found.push({ path: this.path, state: live });
    if (found.length === 0) return;
    const start = this.#start;
    this.#start = undefined;
    const from = start ? this.#stretchFrom(found, start) : { first: 0, offset: 0 };
    for (const [index, file] of found.slice(from.first).entries()) {
      this.#append(file, index === 0 ? from.offset : 0);
    }
    const done = start && this.#links.find((link) => isSameFile(link, start.done.file));
    if (start && done) this.#skipTo = done.base + start.done.offset;
  }

  /** The first file to read, and from where. When the file is gone, everything that is left is unread. */
  #stretchFrom(found: readonly RotatedFile[], start: ChainStart): { first: number; offset: number } {
    for (const { file, offset } of [start.resume, start.done]) {
      const first = found.findIndex(
        ({ path, state }) => state.sizeBytes >= offset && hasIdentity(path, file),
      );
      if (first >= 0) return { first, offset };
    }
    return { first: 0, offset: 0 };
  }

  #append({ path, state }: RotatedFile, offset: number): void {
    const last = this.#links.at(-1);
    const base = last ? last.base + Math.max(last.sizeBytes, last.offset) + baseGap : 0;
    const link = new ChainLink(this.#files, { path, state, base, offset });
    link.hold();
    this.#awaitLateBytes();
    this.#links.push(link);
    if (this.#links.length - this.#reading > linksMax) this.#giveUp();
  }

  /** The last file was renamed or deleted: from now on it is watched for what its writer still has to say. */
  #awaitLateBytes(): void {
    const last = this.#links.at(-1);
    if (last) last.drainedSinceMs = undefined;
  }

  /** The oldest unread file goes: whoever reads is far too slow. */
  #giveUp(): void {
    const link = this.#links[this.#reading];
    if (!link) return;
    this.#lose(link);
    this.#reading += 1;
  }

  #lose(link: ChainLink): void {
    this.lostBytes += Math.max(0, link.sizeBytes - link.offset);
    link.sizeBytes = link.offset;
  }

  #follow(live: FileState | undefined): void {
    const last = this.#links.at(-1);
    if (!last) return;
    if (live && isSameFile(live, last)) {
      if (live.sizeBytes < last.offset) this.#restart(live);
      else last.sizeBytes = live.sizeBytes;
      last.mtimeNs = live.mtimeNs;
      return;
    }
    last.refresh();
    if (!live) return;
    for (const file of this.#rotatedSince(last)) this.#append(file, 0);
    this.#append({ path: this.path, state: live }, 0);
  }

  /** The file was cut back: what is in it now is new. */
  #restart(live: FileState): void {
    this.#truncated();
    const last = this.#links.at(-1);
    if (last) last.sizeBytes = last.offset;
    this.#append({ path: this.path, state: live }, 0);
    if (last) last.drainedSinceMs = Number.NEGATIVE_INFINITY;
  }

  /** Files that came and were rotated away between two looks. */
  #rotatedSince(last: ChainLink): RotatedFile[] {
    const files = rotatedFilesOf(this.path);
    const known = files.findIndex(({ state }) => isSameFile(state, last));
    const later = known >= 0 ? files.slice(known + 1) : files;
    return later.filter(
      ({ state }) => state.mtimeNs >= last.mtimeNs && !this.#links.some((link) => isSameFile(link, state)),
    );
  }

  /** Moves to the next file when this one is read to its end and nobody writes to it any more. */
  #advance(nowMs: number): boolean {
    for (let link = this.#links[this.#reading]; link; link = this.#links[this.#reading]) {
      const isLast = this.#reading === this.#links.length - 1;
      if (!isLast && link.isDrained) link.refresh();
      if (!link.isDrained) {
        link.drainedSinceMs = undefined;
        return true;
      }
      link.drainedSinceMs ??= nowMs;
      if (!this.isEndOfFile(nowMs)) return false;
      // The rest without an end is read as a line before the file is left.
      if (link.hasRest) return true;
      if (isLast) return false;
      this.#reading += 1;
    }
    return false;
  }
}
