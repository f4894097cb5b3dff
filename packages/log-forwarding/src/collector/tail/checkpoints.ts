// What was delivered of each log, durable over kill -9: an append-only journal of JSON lines, each with its CRC-32,
// written when a batch is accepted and made shorter when it has grown. A torn or damaged line counts as not written.
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { isRecord } from '@pergola/kernel';
import type { ChainStart, FilePosition } from './file-chain.ts';
import type { Sequence } from './progress.ts';

const compactBytesMin = 4 * 1024 * 1024;

export interface Checkpoint extends ChainStart {
  readonly sequence: Sequence;
}

export class Checkpoints {
  readonly #path: string;
  readonly #lines = new Map<string, string>();
  #fd: number;
  #sizeBytes = 0;
  #unsynced = false;

  /** Reads what a former process left at `path` and goes on there. */
  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    for (const line of readLines(path)) this.#replay(line);
    this.#fd = this.#rewrite();
  }

  get(log: string): Checkpoint | undefined {
    const line = this.#lines.get(log);
    return line === undefined ? undefined : checkpointOf(JSON.parse(line) as Stored);
  }

  logs(): string[] {
    return [...this.#lines.keys()];
  }

  /** In the hands of the system when this returns: a crash of this process loses nothing. */
  set(log: string, checkpoint: Checkpoint): void {
    const line = JSON.stringify({ log, ...stored(checkpoint) });
    if (this.#lines.get(log) === line) return;
    this.#lines.set(log, line);
    this.#append(line);
  }

  delete(log: string): void {
    if (!this.#lines.delete(log)) return;
    this.#append(JSON.stringify({ log, gone: true }));
  }

  /** Makes what was set safe against a loss of power, and the journal short. */
  sync(): void {
    if (!this.#unsynced) return;
    this.#unsynced = false;
    if (this.#sizeBytes > Math.max(compactBytesMin, 4 * this.#contentBytes())) {
      closeSync(this.#fd);
      this.#fd = this.#rewrite();
    } else fdatasyncSync(this.#fd);
  }

  close(): void {
    this.sync();
    closeSync(this.#fd);
  }

  #append(line: string): void {
    const text = framed(line);
    writeSync(this.#fd, text);
    this.#sizeBytes += text.length;
    this.#unsynced = true;
  }

  #replay(line: string): void {
    const json = unframed(line);
    const entry: unknown = json === undefined ? undefined : JSON.parse(json);
    if (!isRecord(entry) || json === undefined) return;
    const log = String(entry['log']);
    if (entry['gone'] === true) this.#lines.delete(log);
    else this.#lines.set(log, json);
  }

  /** Writes the journal anew, whole or not at all, and opens it. */
  #rewrite(): number {
    const next = `${this.#path}.next`;
    const fd = openSync(next, 'w', 0o600);
    this.#sizeBytes = 0;
    for (const line of this.#lines.values()) this.#sizeBytes += writeSync(fd, framed(line));
    fsyncSync(fd);
    renameSync(next, this.#path);
    return fd;
  }

  #contentBytes(): number {
    let bytes = 0;
    for (const line of this.#lines.values()) bytes += line.length + 10;
    return bytes;
  }
}

/** [dev, ino, fingerprint, fingerprintBytes, offset] */
type StoredPosition = readonly [string, string, number, number, number];

interface Stored {
  readonly resume: StoredPosition;
  readonly done: StoredPosition;
  readonly seq: readonly [number, number];
}

function stored({ resume, done, sequence }: Checkpoint): Stored {
  return {
    resume: storedPosition(resume),
    done: storedPosition(done),
    seq: [sequence.seconds, sequence.nanos],
  };
}

function storedPosition({ file, offset }: FilePosition): StoredPosition {
  return [String(file.dev), String(file.ino), file.fingerprint, file.fingerprintBytes, offset];
}

function checkpointOf({ resume, done, seq }: Stored): Checkpoint {
  return {
    resume: positionOf(resume),
    done: positionOf(done),
    sequence: { seconds: seq[0], nanos: seq[1] },
  };
}

function positionOf([dev, ino, fingerprint, fingerprintBytes, offset]: StoredPosition): FilePosition {
  return { file: { dev: BigInt(dev), ino: BigInt(ino), fingerprint, fingerprintBytes }, offset };
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function framed(json: string): string {
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

function unframed(line: string): string | undefined {
  const json = line.slice(9);
  return crc32(json) === Number.parseInt(line.slice(0, 8), 16) ? json : undefined;
}
