// Real pipes for child processes. Node gives children socket pairs, which cannot be reopened through
// /dev/stdout or /dev/stdin; container programs do that. FIFOs are made in batches by one mkfifo(1),
// opened and unlinked at once.
import { execFile } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { isMainThread } from 'node:worker_threads';

const batchSize = 24;

/** The end that we keep, as a stream, and the end for the child, as a descriptor that we close after the spawn. */
export interface Pipe<T> {
  readonly stream: T;
  readonly childFd: number;
}

export class PipePool {
  readonly #directory: string;
  readonly #ready: string[] = [];
  #made = 0;
  #filling: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** A pipe that the child writes and we read. */
  async output(): Promise<Pipe<Readable>> {
    const path = await this.#take();
    const ours = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const childFd = openSync(path, constants.O_WRONLY);
    rmSync(path);
    return { stream: new PipeEnd(ours, 'read'), childFd };
  }

  /** A pipe that we write and the child reads. */
  async input(): Promise<Pipe<Writable>> {
    const path = await this.#take();
    // Neither end may block: the reader comes first, and is then reopened as a blocking one for the child.
    const probe = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const ours = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const childFd = openSync(path, constants.O_RDONLY);
    closeSync(probe);
    rmSync(path);
    return { stream: new PipeEnd(ours, 'write'), childFd };
  }

  /** A file name that nobody else in this pool's life gets. */
  freshName(): string {
    return `.fresh-${this.#made++}`;
  }

  /** Makes the next batch ahead of need. */
  async warm(): Promise<void> {
    if (this.#ready.length < batchSize / 2) await this.#fill();
  }

  async #take(): Promise<string> {
    for (;;) {
      const path = this.#ready.pop();
      if (path !== undefined) {
        if (this.#ready.length < 6) void this.#fill().catch(() => {}); // NOTE: the next #take reports the failure.
        return path;
      }
      await this.#fill();
    }
  }

  #fill(): Promise<void> {
    this.#filling ??= this.#make().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #make(): Promise<void> {
    const paths = Array.from({ length: batchSize }, () => join(this.#directory, String(this.#made++)));
    // Anybody may reopen a container's own pipe through /proc/self/fd; the directory keeps others away.
    await promisify(execFile)('mkfifo', ['-m', '666', ...paths], { env: { PATH: toolPath } });
    this.#ready.push(...paths);
  }
}

/** Our end of a pipe. */
class PipeEnd extends Socket {
  readonly #fd: number;

  constructor(fd: number, use: 'read' | 'write') {
    super({ fd, readable: use === 'read', writable: use === 'write' });
    this.#fd = fd;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    super._destroy(error, done);
    if (isMainThread) return;
    // A worker thread closes at its end every descriptor that it saw opened and not closed by number; the
    // socket has closed this one, so we say so before another thread can get the number.
    try {
      closeSync(this.#fd);
    } catch {
      // EBADF is what we expect.
    }
  }
}

/** Where the machine's own tools are looked for; never the user's PATH. */
export const toolPath = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin';
