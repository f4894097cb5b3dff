// One container's log file on the node: written in CRI format, rotated at 10 MiB, five files kept
// (containerLogMaxSize and containerLogMaxFiles of the kubelet). Writes are in order; a slow disk slows
// the container, never memory.
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  fstatSync,
  symlinkSync,
  write,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '@pergola/kernel';
import { CriFormatter, type LogStream } from './cri-format.ts';

const maxSizeBytes = 10 * 1024 * 1024;
const maxFiles = 5;

export class LogFile {
  readonly path: string;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #fd: number;
  #sizeBytes: number;
  #queue: Promise<void> = Promise.resolve();
  #open = 0;
  #closed = false;

  /** Opens `<directory>/<attempt>.log` for appending. */
  constructor(directory: string, attempt: number, clock: Clock) {
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    this.path = join(directory, `${attempt}.log`);
    this.#clock = clock;
    this.#fd = openSync(this.path, 'a', 0o640);
    this.#sizeBytes = fstatSync(this.#fd).size;
  }

  /** True once all attached streams have ended and everything is written. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Calls `listener` after each write and at the end. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Copies a stream of the container into the file until it ends; `onChunk` sees it on the way. */
  async attach(
    source: Readable,
    stream: LogStream,
    onChunk: (chunk: Buffer) => void = () => {},
  ): Promise<void> {
    const formatter = new CriFormatter(stream);
    this.#open++;
    try {
      for await (const chunk of source) {
        onChunk(chunk as Buffer);
        await this.#write(formatter.push(chunk as Buffer, this.#clock.nowMs()));
      }
    } catch {
      // NOTE: a broken pipe at the container's end is the end of its output.
    }
    await this.#write(formatter.flush(this.#clock.nowMs()));
    this.#open--;
    if (this.#open === 0) this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
    this.#tell();
  }

  #write(parts: Buffer[]): Promise<void> {
    if (parts.length === 0) return Promise.resolve();
    this.#queue = this.#queue.then(() => this.#append(parts));
    return this.#queue;
  }

  async #append(parts: Buffer[]): Promise<void> {
    if (this.#closed) return;
    const data = parts.length > 64 ? [Buffer.concat(parts)] : parts;
    const length = data.reduce((sum, part) => sum + part.length, 0);
    if (this.#sizeBytes > 0 && this.#sizeBytes + length > maxSizeBytes) this.#rotate();
    await writeAll(this.#fd, Buffer.concat(data));
    this.#sizeBytes += length;
    this.#tell();
  }

  /** `0.log` → `0.log.20260102-030405`, as the kubelet names it. */
  #rotate(): void {
    closeSync(this.#fd);
    const stamp = new Date(this.#clock.nowMs())
      .toISOString()
      .replaceAll(/[-:]/g, '')
      .replace('T', '-')
      .slice(0, 15);
    const taken = rotatedFiles(this.path);
    let target = `${this.path}.${stamp}`;
    for (let n = 1; taken.includes(target); n++) target = `${this.path}.${stamp}-${n}`;
    renameSync(this.path, target);
    const rotated = rotatedFiles(this.path);
    for (const old of rotated.slice(0, Math.max(0, rotated.length - (maxFiles - 1)))) rmSync(old);
    this.#fd = openSync(this.path, 'a', 0o640);
    this.#sizeBytes = 0;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The rotated files of a log, oldest first. */
export function rotatedFiles(path: string): string[] {
  const prefix = `${basename(path)}.`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(dirname(path), name));
}

/** Where the logs of a pod stand: `<ns>_<name>_<uid>`. */
export function podLogDirectory(
  logRoot: string,
  pod: { namespace: string; name: string; uid: string },
): string {
  return join(logRoot, 'pods', `${pod.namespace}_${pod.name}_${pod.uid}`);
}

/** Makes `<logRoot>/containers/<pod>_<ns>_<container>-<id>.log` point at the log file; returns the link. */
export function linkContainerLog(logRoot: string, name: string, target: string): string {
  const directory = join(logRoot, 'containers');
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const link = join(directory, `${name}.log`);
  rmSync(link, { force: true });
  symlinkSync(target, link);
  return link;
}

async function writeAll(fd: number, data: Buffer): Promise<void> {
  for (let at = 0; at < data.length; ) at += await writeSome(fd, data.subarray(at));
}

function writeSome(fd: number, data: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, data, (error, written) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}
