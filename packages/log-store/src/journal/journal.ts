// The journal: the one file that all groups' batches are appended to first, so that one wait for the disk serves
// everybody who waits. Its files are retired, oldest first, when the groups have put their batches into segments.
import type { Logger, Random } from '@pergola/kernel';
import { join } from 'node:path';
import type { Disk, WritableFile } from '../files/disk.ts';
import { FILE_HEADER_BYTES, fileHeader } from '../files/frame.ts';
import type { RunFile } from '../files/batch-run.ts';

/** Written at once at most; more waits for the next round. */
const ROUND_BYTES_MAX = 8 * 1024 * 1024;
const ROUND_FRAMES_MAX = 1000;
/** Each frame is known in memory until its file is retired, and looked at when the store is opened. */
const FILE_FRAMES_MAX = 10_000;

/** One file of the journal. */
export interface JournalFile extends RunFile {
  readonly number: number;
  sizeBytes: number;
  /** Groups that have something here that no manifest has yet, each with the stamp of the last such thing. */
  readonly holders: Map<string, number>;
}

/** A frame on its way to the journal. */
export interface Entry {
  readonly frame: Buffer;
  /** Gives the frame the header for a file with this salt. */
  readonly seal: (salt: number) => void;
  /** Called when the disk has the frame, in the order of `append`, before anybody hears of it. */
  readonly placed: (file: JournalFile, offset: number) => void;
}

interface Waiting extends Entry {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface JournalOptions {
  readonly folder: string;
  readonly disk: Disk;
  readonly random: Random;
  readonly logger: Logger;
  /** A file is closed when it is longer than this. */
  readonly fileBytesMax: number;
  /** Called after another file was begun. */
  readonly onBegun: () => void;
}

/** Thrown by an append that the disk refused. Nothing of it is stored; later appends may work again. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  /** As of the system, e.g. `ENOSPC`. */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(`the log store could not write: ${message}`, { cause });
    this.code = code;
  }
}

export class Journal {
  /** Oldest first; the last is written to once there is a writer. */
  readonly files: JournalFile[];
  readonly #options: JournalOptions;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #writer: WritableFile | undefined;
  /** In the file that is written to. */
  #frames = 0;
  /** Of the youngest file that ever was: names are not used again, for somebody may still read the old file. */
  #number: number;
  #closed = false;

  /** `files` are those that an earlier run has left, oldest first. */
  constructor(options: JournalOptions, files: JournalFile[]) {
    this.#options = options;
    this.files = files;
    this.#number = files.at(-1)?.number ?? 0;
  }

  /** Resolves when the disk has the frame. Rejects with AppendError. */
  append(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('the log store is closed'));
        return;
      }
      this.#waiting.push({ ...entry, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** The file that is appended to, if any; the others are closed. */
  get active(): JournalFile | undefined {
    return this.#writer ? this.files.at(-1) : undefined;
  }

  /** Waits for what is under way and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#writer?.close();
    this.#writer = undefined;
  }

  async #write(): Promise<void> {
    // Those who append within the same turn share the round.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#round(this.#takeRound());
    this.#writing = undefined;
  }

  #takeRound(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { frame } of this.#waiting) {
      if (count > 0 && (bytes + frame.length > ROUND_BYTES_MAX || count >= ROUND_FRAMES_MAX)) break;
      bytes += frame.length;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #round(round: readonly Waiting[]): Promise<void> {
    try {
      const { file, writer } = await this.#fileToWrite();
      const start = file.sizeBytes;
      for (const entry of round) entry.seal(file.salt);
      await this.#put(
        { file, writer },
        round.map((entry) => entry.frame),
      );
      this.#frames += round.length;
      let offset = start;
      for (const entry of round) {
        entry.placed(file, offset);
        offset += entry.frame.length;
      }
      for (const entry of round) entry.resolve();
    } catch (error) {
      for (const entry of round) entry.reject(new AppendError(error));
    }
  }

  async #put({ file, writer }: { file: JournalFile; writer: WritableFile }, frames: Buffer[]): Promise<void> {
    try {
      await writer.write(frames, file.sizeBytes);
      await writer.sync();
      file.sizeBytes += frames.reduce((sum, frame) => sum + frame.length, 0);
    } catch (error) {
      await this.#undo(file, writer);
      throw error;
    }
  }

  /** Takes half-written frames away. Where even that fails, nothing more is written to this file. */
  async #undo(file: JournalFile, writer: WritableFile): Promise<void> {
    try {
      await writer.truncate(file.sizeBytes);
      await writer.sync();
    } catch (error) {
      this.#options.logger.warn(
        { error, path: file.path },
        'a journal file is given up after a failed write',
      );
      this.#writer = undefined;
      await writer.close().catch(() => undefined);
    }
  }

  async #fileToWrite(): Promise<{ file: JournalFile; writer: WritableFile }> {
    const last = this.files.at(-1);
    const isFull = !last || last.sizeBytes >= this.#options.fileBytesMax || this.#frames >= FILE_FRAMES_MAX;
    if (this.#writer && !isFull) {
      return { file: last, writer: this.#writer };
    }
    const full = this.#writer;
    const opened = await this.#begin(this.#number + 1);
    await full?.close();
    this.#options.onBegun();
    return opened;
  }

  async #begin(number: number): Promise<{ file: JournalFile; writer: WritableFile }> {
    const { folder, disk, random } = this.#options;
    const path = join(folder, journalName(number));
    const salt = random.bytes(4).readUInt32LE(0);
    const writer = await disk.openFile(path);
    try {
      await writer.truncate(0);
      await writer.write([fileHeader(salt)], 0);
      await writer.sync();
      await disk.syncFolder(folder);
    } catch (error) {
      await writer.close();
      throw error;
    }
    const file: JournalFile = { number, path, salt, sizeBytes: FILE_HEADER_BYTES, holders: new Map() };
    this.files.push(file);
    this.#writer = writer;
    this.#number = number;
    this.#frames = 0;
    return { file, writer };
  }
}

/** The dash keeps it apart from the folders of groups. */
function journalName(number: number): string {
  return `journal-${String(number).padStart(10, '0')}`;
}

/** The number in a journal file's name; undefined for other names. */
export function journalNumber(name: string): number | undefined {
  const match = /^journal-(\d{10,15})$/.exec(name);
  return match ? Number(match[1]) : undefined;
}
