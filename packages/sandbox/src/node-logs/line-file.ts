// A log file of lines, written in the background: in batches, within a bound, renamed away when it is full.
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Clock, Logger, Timer } from '@pergola/kernel';

export interface LineFileOptions {
  readonly path: string;
  /** When the file is larger than this it is renamed. Bytes. */
  readonly sizeMax: number;
  /** How many renamed files are kept. */
  readonly kept: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface LineFile extends AsyncDisposable {
  /** Takes a line without its end and returns at once. */
  write(line: string): void;
  /** Resolves when all that was taken so far is in the file or was given up. */
  flush(): Promise<void>;
}

/** Lines wait this long for others. */
const gatherMs = 50;
/** What does not fit while the disk is slow is dropped and counted. Characters. */
const waitingMax = 4 * 1024 * 1024;

/** Opens the file for its owner alone. A line that a crash tore is ended, so that the next one stands by itself. */
export function openLineFile(options: LineFileOptions): LineFile {
  mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  return new BatchedLineFile(options, endTornLine(options.path));
}

class BatchedLineFile implements LineFile {
  readonly #options: LineFileOptions;
  #waiting: string[] = [];
  #waitingLength = 0;
  #dropped = 0;
  #sizeBytes: number;
  #file: FileHandle | undefined;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(options: LineFileOptions, sizeBytes: number) {
    this.#options = options;
    this.#sizeBytes = sizeBytes;
  }

  write(line: string): void {
    if (this.#ended) return;
    if (this.#waitingLength + line.length > waitingMax) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#timer ??= this.#options.clock.after(gatherMs, () => void this.flush());
  }

  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#append());
    return this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.flush();
    await this.#close();
  }

  async #append(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting;
    const text = Buffer.from(`${lines.join('\n')}\n`);
    this.#waiting = [];
    this.#waitingLength = 0;
    try {
      this.#file ??= await open(this.#options.path, 'a', 0o600);
      await this.#file.appendFile(text);
      this.#sizeBytes += text.length;
      if (this.#sizeBytes > this.#options.sizeMax) await this.#rotate();
    } catch (error) {
      this.#dropped += lines.length;
      await this.#close();
      this.#tell(error);
      return;
    }
    if (this.#dropped > 0) this.#tell(undefined);
  }

  /** Says once what was lost. */
  #tell(error: unknown): void {
    const { path, logger } = this.#options;
    logger.warn({ path, dropped: this.#dropped, error }, 'lines of a log file were dropped');
    this.#dropped = 0;
  }

  async #rotate(): Promise<void> {
    await this.#close();
    const { path, clock, kept } = this.#options;
    const folder = dirname(path);
    const extension = extname(path);
    const stem = basename(path, extension);
    const stamp = new Date(clock.nowMs()).toISOString().slice(0, -1).replaceAll(':', '-');
    await rename(path, join(folder, `${stem}-${stamp}${extension}`));
    this.#sizeBytes = 0;
    const older = (await readdir(folder))
      .filter((name) => name.startsWith(`${stem}-`) && name.endsWith(extension))
      .sort();
    for (const name of older.slice(0, Math.max(0, older.length - kept))) await rm(join(folder, name));
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    // NOTE: a failure to close comes after a failure to write, which was told.
    await file?.close().catch(() => {});
  }
}

/** Returns the size of the file, in bytes. */
function endTornLine(path: string): number {
  const fd = openSync(path, 'a+', 0o600);
  try {
    chmodSync(path, 0o600);
    const { size } = fstatSync(fd);
    if (size === 0) return 0;
    const last = Buffer.alloc(1);
    readSync(fd, last, 0, 1, size - 1);
    if (last[0] === 0x0a) return size;
    writeSync(fd, '\n');
    return size + 1;
  } finally {
    closeSync(fd);
  }
}
