// All logs that are followed: finds new ones, gives each its turn, and waits when there is nothing to do or no room.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Clock, Logger } from '@pergola/kernel';
import type { Checkpoints } from './checkpoints.ts';
import { ReadBuffers, type Tail } from './tail.ts';

const discoverMs = 1_000;
const housekeepingMs = 1_000;
/** Between looks when nothing was found. */
const idleMs = 50;
/** Chunks that one log may read before others have their turn. */
const chunksPerTurn = 4;

export interface TailSetOptions {
  /** The logs there are now, by name; called once a second. Returns tails for those that are new. */
  readonly discover: (known: ReadonlySet<string>, nowMs: number) => readonly Tail[];
  /** Called once a second. */
  readonly housekeeping: (nowMs: number) => void;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class TailSet {
  readonly #options: TailSetOptions;
  readonly #tails = new Map<string, Tail>();
  readonly #buffers = new ReadBuffers();
  readonly #changed = new Set<Tail>();
  #nextDiscoverMs = 0;
  #nextHousekeepingMs = 0;
  /** Ends the wait of the loop. */
  #wake: () => void = () => {};
  #closed = false;
  lostBytes = 0;

  constructor(options: TailSetOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#tails.size;
  }

  [Symbol.iterator](): Iterator<Tail> {
    return this.#tails.values();
  }

  /** The progress of a log has changed: its checkpoint is written with the next breath. */
  markChanged(tail: Tail): void {
    if (this.#closed) return;
    if (this.#changed.size === 0) queueMicrotask(() => this.#saveChanged());
    this.#changed.add(tail);
  }

  /** There may be something to do. */
  wake(): void {
    this.#wake();
  }

  /** Follows the logs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const nowMs = clock.nowMs();
      this.#discover(nowMs);
      if (nowMs >= this.#nextHousekeepingMs) this.#keepHouse(nowMs);
      const read = await this.#turn(nowMs, signal);
      if (read === 0 && !signal.aborted) await this.#rest();
    }
  }

  close(): void {
    this.#closed = true;
    this.#changed.clear();
    for (const tail of this.#tails.values()) tail.close(false);
    this.#tails.clear();
  }

  #discover(nowMs: number): void {
    if (nowMs < this.#nextDiscoverMs) return;
    this.#nextDiscoverMs = nowMs + discoverMs;
    const known = new Set(this.#tails.keys());
    for (const tail of this.#options.discover(known, nowMs)) this.#tails.set(tail.log, tail);
  }

  /** Every log reads what it may. Bytes read. */
  async #turn(nowMs: number, signal: AbortSignal): Promise<number> {
    let read = 0;
    for (const tail of this.#tails.values()) {
      if (signal.aborted) break;
      read += await this.#readSome(tail, nowMs);
    }
    return read;
  }

  async #readSome(tail: Tail, nowMs: number): Promise<number> {
    let read = 0;
    for (let chunk = 0; chunk < chunksPerTurn; chunk++) {
      const mustWait = tail.source.mayRead === 'wait';
      if (!this.#poll(tail, nowMs, mustWait) || mustWait) break;
      const bytes = this.#pump(tail, nowMs);
      if (bytes === 0) break;
      read += bytes;
      await yieldToOthers();
    }
    return read;
  }

  #poll(tail: Tail, nowMs: number, mustWait: boolean): boolean {
    try {
      return mustWait ? tail.pollWaiting(nowMs) : tail.poll(nowMs);
    } catch (error) {
      this.#options.logger.warn({ log: tail.log, error }, 'a log cannot be looked at');
      return false;
    }
  }

  #pump(tail: Tail, nowMs: number): number {
    try {
      return tail.pump(this.#buffers, nowMs);
    } catch (error) {
      this.#options.logger.error({ log: tail.log, error }, 'a log cannot be read');
      return 0;
    }
  }

  #keepHouse(nowMs: number): void {
    this.#nextHousekeepingMs = nowMs + housekeepingMs;
    this.#options.housekeeping(nowMs);
    for (const tail of this.#tails.values()) {
      tail.save();
      if (!tail.isFinished(nowMs)) continue;
      this.lostBytes += tail.lostBytes;
      tail.close(true);
      this.#tails.delete(tail.log);
    }
    this.#options.checkpoints.sync();
  }

  #saveChanged(): void {
    for (const tail of this.#changed) tail.save();
    this.#changed.clear();
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(idleMs, () => this.#wake());
      this.#wake = () => {
        timer.cancel();
        this.#wake = () => {};
        resolve();
      };
    });
  }
}
