// The workers that scan for queries: few, started when needed, kept warm for a while, shared fairly.
import type { Clock, Timer } from '@pergola/kernel';
import { WorkerThread } from './worker-thread.ts';

const WARM_MS = 10_000;

interface Waiting {
  readonly resolve: (worker: WorkerThread) => void;
  readonly reject: (error: Error) => void;
}

export class ScanPool {
  readonly workersMax: number;
  readonly #clock: Clock;
  readonly #free: { readonly worker: WorkerThread; readonly cooling: Timer }[] = [];
  readonly #all = new Set<WorkerThread>();
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(clock: Clock, workersMax: number) {
    this.#clock = clock;
    this.workersMax = workersMax;
  }

  /** How many workers there are by now. */
  get size(): number {
    return this.#all.size;
  }

  /** A worker for one task. Those who wait longest come first. Rejects once the pool is closed. */
  acquire(): Promise<WorkerThread> {
    if (this.#closed) return Promise.reject(new Error('the log store is closed'));
    const free = this.#free.pop();
    if (free) {
      free.cooling.cancel();
      return Promise.resolve(free.worker);
    }
    if (this.#all.size < this.workersMax) return Promise.resolve(this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** Gives a worker back. */
  release(worker: WorkerThread): void {
    if (worker.ended) return;
    const next = this.#waiting.shift();
    if (next) {
      next.resolve(worker);
      return;
    }
    const cooling = this.#clock.after(WARM_MS, () => void worker.terminate());
    this.#free.push({ worker, cooling });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the log store is closed'));
    for (const { cooling } of this.#free) cooling.cancel();
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #start(): WorkerThread {
    const worker = new WorkerThread(() => this.#onEnd(worker));
    this.#all.add(worker);
    return worker;
  }

  #onEnd(worker: WorkerThread): void {
    this.#all.delete(worker);
    const index = this.#free.findIndex((free) => free.worker === worker);
    if (index >= 0) this.#free.splice(index, 1)[0]?.cooling.cancel();
    const next = this.#waiting.shift();
    if (next) next.resolve(this.#start());
  }
}
