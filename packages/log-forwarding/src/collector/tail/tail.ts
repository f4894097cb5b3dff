// Follows one log: looks for new bytes, reads them in chunks, hands their lines on, and keeps its checkpoint.
import type { LogSource } from '../sources/log-source.ts';
import type { Checkpoints } from './checkpoints.ts';
import { FileChain } from './file-chain.ts';
import type { LineReader } from './line-reader.ts';
import type { OpenFiles } from './open-files.ts';
import type { LogProgress } from './progress.ts';

/** A line whose rest does not come for so long is taken as whole. */
const partialMsMax = 10_000;
/** A log that was deleted is forgotten after this time, when everything of it is delivered. */
const goneMsMax = 3_000;
/** Logs that were written to lately are looked at this often, others each second. */
const hotPollMs = 100;
const coldPollMs = 1_000;
const hotForMs = 10_000;
const waitingPollMs = 500;

const chunkBytes = 256 * 1024;
/** A line that is longer is cut. */
const largestLineBytes = 4 * 1024 * 1024;

/** What all tails read by way of. */
export class ReadBuffers {
  readonly small = Buffer.allocUnsafeSlow(chunkBytes);
  #large: Buffer | undefined;

  /** For lines that do not fit into the small one. */
  get large(): Buffer {
    this.#large ??= Buffer.allocUnsafeSlow(largestLineBytes);
    return this.#large;
  }
}

export interface TailOptions {
  /** The name of the log in checkpoints. */
  readonly log: string;
  readonly path: string;
  readonly files: OpenFiles;
  readonly checkpoints: Checkpoints;
  readonly progress: LogProgress;
  readonly source: LogSource;
  readonly reader: LineReader;
  readonly truncated: () => void;
}

export class Tail {
  readonly log: string;
  readonly source: LogSource;
  readonly #chain: FileChain;
  readonly #reader: LineReader;
  readonly #progress: LogProgress;
  readonly #checkpoints: Checkpoints;
  #readMs = 0;
  #nextPollMs = 0;
  #nextWaitingPollMs = 0;
  #savedDone = -1;
  #savedResume = -1;

  constructor(options: TailOptions) {
    const { log, path, files, checkpoints, progress, source, reader, truncated } = options;
    this.log = log;
    this.source = source;
    this.#reader = reader;
    this.#progress = progress;
    this.#checkpoints = checkpoints;
    const start = checkpoints.get(log);
    this.#chain = new FileChain({ path, files, start, truncated });
    if (start) Object.assign(progress.read.sequence, start.sequence);
  }

  get unreadBytes(): number {
    return this.#chain.unreadBytes;
  }

  /** Bytes of files that went unread because too many were rotated away. */
  get lostBytes(): number {
    return this.#chain.lostBytes;
  }

  /** True when there is something to read. */
  poll(nowMs: number): boolean {
    if (nowMs < this.#nextPollMs) return false;
    const hasMore = this.#chain.poll(nowMs);
    if (hasMore) return true;
    this.#reader.flush(nowMs - partialMsMax, this.#chain.position);
    this.source.flush(nowMs);
    this.#moved();
    this.#nextPollMs = nowMs + (nowMs - this.#readMs < hotForMs ? hotPollMs : coldPollMs);
    return false;
  }

  /** As `poll`, for a log that may not be read now: new files are opened before they are deleted. */
  pollWaiting(nowMs: number): boolean {
    if (nowMs < this.#nextWaitingPollMs) return false;
    this.#nextWaitingPollMs = nowMs + waitingPollMs;
    return this.#chain.poll(nowMs);
  }

  /** The container has ended: a line that was begun gets no further part. */
  endPartialLines(nowMs: number): void {
    if (this.#chain.poll(nowMs)) return;
    this.#reader.flush(Number.POSITIVE_INFINITY, this.#chain.position);
    this.#moved();
  }

  /** Reads one chunk. Bytes read. */
  pump(buffers: ReadBuffers, nowMs: number): number {
    let { used, available } = this.#feed(buffers.small, nowMs);
    if (used === 0 && available === buffers.small.length)
      ({ used, available } = this.#feed(buffers.large, nowMs));
    this.#chain.consume(used, available);
    if (used > 0) this.#readMs = nowMs;
    this.#moved();
    return used;
  }

  #feed(buffer: Buffer, nowMs: number): { used: number; available: number } {
    const available = this.#chain.read(buffer);
    const chunk = buffer.subarray(0, available);
    const place = { position: this.#chain.position, skipTo: this.#chain.skipTo, complete: false, nowMs };
    const used = this.#reader.feed(chunk, place);
    if (used > 0 || available === 0) return { used, available };
    // A line beyond all measure, or the last bytes of a file that nobody writes to any more.
    const complete = available === largestLineBytes || this.#chain.isEndOfFile(nowMs);
    return { used: complete ? this.#reader.feed(chunk, { ...place, complete }) : 0, available };
  }

  /** Whether the log is gone and delivered, and can be forgotten. */
  isFinished(nowMs: number): boolean {
    const goneMs = this.#chain.goneForMs(nowMs);
    if (goneMs === undefined || goneMs < goneMsMax || !this.#progress.isIdle) return false;
    // A log whose live file is missing while rotated ones stand there would be found and read again.
    return this.#chain.hasVanished;
  }

  /** Writes the checkpoint, if it has changed. */
  save(): void {
    const { done, resume, sequence } = this.#progress.delivered;
    if (done === this.#savedDone && resume === this.#savedResume) return;
    const doneAt = this.#chain.locate(done);
    const resumeAt = this.#chain.locate(resume);
    if (!doneAt || !resumeAt) return;
    this.#savedDone = done;
    this.#savedResume = resume;
    this.#checkpoints.set(this.log, { done: doneAt, resume: resumeAt, sequence });
    this.#chain.release(resume);
  }

  /** Ends the following; `forget`: its checkpoint is of no use any more. */
  close(forget: boolean): void {
    this.source.release();
    if (forget) this.#checkpoints.delete(this.log);
    else this.save();
    this.#chain.close();
  }

  #moved(): void {
    const { read } = this.#progress;
    read.done = this.#chain.position;
    read.resume = this.#reader.resumeFrom(read.done);
  }
}
