// Follows a binary journal by way of `journalctl`, from the entry after the last delivered one. Where the program or a
// binary journal is missing there is nothing to follow.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Logger } from '@pergola/kernel';
import type { Line } from '../tail/line.ts';
import { PlainReader } from '../tail/plain-reader.ts';
import type { LogProgress } from '../tail/progress.ts';
import type { JournalCursors } from './journal-cursors.ts';
import type { LogSource } from './log-source.ts';

const restartMs = 5_000;
const roomLookMs = 100;
/** An entry that is longer is cut. */
const entryBytesMax = 4 * 1024 * 1024;

export interface JournalFollowerOptions {
  readonly directory: string;
  readonly program: string;
  readonly cursors: JournalCursors;
  readonly progress: LogProgress;
  readonly source: LogSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class JournalFollower {
  readonly #options: JournalFollowerOptions;
  readonly #reader: PlainReader;
  #rest: Buffer = Buffer.alloc(0);
  #position = 0;

  constructor(options: JournalFollowerOptions) {
    this.#options = options;
    this.#reader = new PlainReader((line) => this.#take(line));
  }

  /** Follows until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, directory } = this.#options;
    while (!signal.aborted && isBinaryJournal(directory)) {
      const problem = await this.#follow(signal);
      if (signal.aborted) return;
      if (problem === 'ENOENT') {
        logger.warn({ directory }, 'the journal is not read: there is no journalctl');
        return;
      }
      logger.warn({ because: problem }, 'journalctl has ended, and is started again');
      await clock.sleep(restartMs, signal).catch(() => {});
    }
  }

  /** Runs the program once; why it ended. */
  async #follow(signal: AbortSignal): Promise<string> {
    const { program, directory, cursors } = this.#options;
    const from = cursors.saved === undefined ? ['--boot'] : [`--after-cursor=${cursors.saved}`];
    const child = spawn(
      program,
      ['--output=json', '--follow', '--no-tail', '--no-pager', `--directory=${directory}`, ...from],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      child.once('close', (code, killedBy) => resolve(`exit ${code ?? killedBy}`));
    });
    const stop = () => child.kill();
    signal.addEventListener('abort', stop, { once: true });
    this.#rest = Buffer.alloc(0);
    child.stdout.on('data', (chunk: Buffer) => this.#feed(chunk, child));
    const problem = await ended;
    signal.removeEventListener('abort', stop);
    return problem;
  }

  #feed(chunk: Buffer, child: ChildProcess): void {
    const { clock, source, progress } = this.#options;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const place = { position: this.#position, skipTo: 0, complete: false, nowMs: clock.nowMs() };
    let used = this.#reader.feed(bytes, place);
    if (used === 0 && bytes.length > entryBytesMax)
      used = this.#reader.feed(bytes, { ...place, complete: true });
    this.#position += used;
    this.#rest = Buffer.from(bytes.subarray(used));
    progress.read.done = this.#position;
    progress.read.resume = this.#position;
    if (source.mayRead === 'wait') this.#pause(child);
  }

  #take(line: Line): void {
    const text = line.bytes.toString('latin1', line.start, line.end);
    const cursor = /"__CURSOR"\s*:\s*"([^"\\]+)"/.exec(text)?.[1];
    if (cursor !== undefined) this.#options.cursors.add(line.endPosition, cursor);
    this.#options.source.take(line);
  }

  /** The pipe fills and the program waits, until the outputs have room. */
  #pause(child: ChildProcess): void {
    child.stdout?.pause();
    const look = () => {
      if (this.#options.source.mayRead === 'wait') this.#options.clock.after(roomLookMs, look);
      else child.stdout?.resume();
    };
    this.#options.clock.after(roomLookMs, look);
  }
}

/** Whether journald's own files stand in the folder or one below, and no exported ones. */
function isBinaryJournal(directory: string): boolean {
  const names = namesIn(directory);
  if (names.some((name) => name.endsWith('.json'))) return false;
  const all = [...names, ...names.flatMap((name) => namesIn(join(directory, name)))];
  return all.some((name) => name.endsWith('.journal'));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // Not there, or no folder.
    return [];
  }
}
