// One file in a log's chain: a stretch of positions, with the file behind it open or not.
import { type FileIdentity, type FileState, fileStateAt, isSameFile, type OpenFile } from './log-file.ts';
import type { FileHolder, OpenFiles } from './open-files.ts';
import { rotatedFilesOf } from './rotated-files.ts';

export class ChainLink implements FileHolder {
  readonly dev: bigint;
  readonly ino: bigint;
  /** Position in the chain of the file's first byte. */
  readonly base: number;
  /** How far it was read: an offset in the file. */
  offset: number;
  /** Size when it was last looked at. */
  sizeBytes: number;
  mtimeNs: bigint;
  /** Since when there was nothing more to read; milliseconds. */
  drainedSinceMs: number | undefined;
  #stalledBytes = -1;
  #path: string;
  readonly #files: OpenFiles;
  #file: OpenFile | undefined;
  #identity: FileIdentity | undefined;

  constructor(
    files: OpenFiles,
    at: { readonly path: string; readonly state: FileState; readonly base: number; readonly offset: number },
  ) {
    this.#files = files;
    this.#path = at.path;
    this.dev = at.state.dev;
    this.ino = at.state.ino;
    this.sizeBytes = at.state.sizeBytes;
    this.mtimeNs = at.state.mtimeNs;
    this.base = at.base;
    this.offset = at.offset;
  }

  /** Nothing is left, or only the beginning of a line. */
  get isDrained(): boolean {
    return this.offset >= this.sizeBytes || this.#stalledBytes >= this.sizeBytes;
  }

  /** Whether a line without its end is left. */
  get hasRest(): boolean {
    return this.offset < this.sizeBytes;
  }

  /** No line ends before `sizeBytes` of the file. */
  stall(sizeBytes: number): void {
    this.#stalledBytes = sizeBytes;
  }

  get endPosition(): number {
    return this.base + this.offset;
  }

  /** Fills `target` from the offset. Bytes read; `gone` when the file was not open and is nowhere any more. */
  read(target: Buffer): number | 'gone' {
    const file = this.#opened();
    if (!file) return this.#find() === undefined ? 'gone' : 0;
    this.#files.touch(this);
    return file.read(target, this.offset);
  }

  /** Looks at the file's size again; false when it is gone. */
  refresh(): boolean {
    const file = this.#opened();
    if (!file) return false;
    const { sizeBytes, mtimeNs } = file.state;
    this.sizeBytes = sizeBytes;
    this.mtimeNs = mtimeNs;
    return true;
  }

  /** Makes sure that the file can be read even when it is deleted. */
  hold(): void {
    this.#opened();
  }

  /** Who the file is; undefined when it is gone. */
  identity(): FileIdentity | undefined {
    if (this.#identity && this.#identity.fingerprintBytes > 0) return this.#identity;
    this.#identity = this.#opened()?.identity() ?? this.#identity;
    return this.#identity;
  }

  close(): void {
    this.#files.forget(this);
    this.#file?.close();
    this.#file = undefined;
  }

  #opened(): OpenFile | undefined {
    if (this.#file) return this.#file;
    const path = this.#find();
    if (path === undefined) return undefined;
    try {
      this.#file = this.#files.open(path, this);
    } catch {
      // Deleted or renamed between the look and the opening: the next turn looks again.
      return undefined;
    }
    this.#path = path;
    return this.#file;
  }

  /** Where the file stands by now. */
  #find(): string | undefined {
    const state = fileStateAt(this.#path);
    if (state && isSameFile(state, this)) return this.#path;
    return rotatedFilesOf(livePathOf(this.#path)).find((file) => isSameFile(file.state, this))?.path;
  }
}

/** The live path of a path that may be a rotated one already: `0.log` of `0.log.20260102-030405`. */
function livePathOf(path: string): string {
  return path.replace(/(\.(?:log|json))\.[^/]*$/, '$1');
}
