// The workers that scan for queries: few, started when needed, kept warm for a while, shared fairly.
import type { Clock, Timer } from '@pergola/kernel';
import { WorkerThread } from './worker-thread.ts';

const WARM_MS = 10_000;

export class ScanPool {
  readonly workersMax: number;
  readonly #clock: Clock;
  readonly #free: { readonly worker: WorkerThread; readonly cooling: Timer }[] = [];
  readonly #all = new Set<WorkerThread>();
  readonly #waiting: ((worker: WorkerThread) => void)[] = [];

  constructor(clock: Clock, workersMax: number) {
    this.#clock = clock;
    this.workersMax = workersMax;
  }

  /** How many workers there are by now. */
  get size(): number {
    return this.#all.size;
  }

  /** A worker for one task. Those who wait longest come first. */
  acquire(): Promise<WorkerThread> {
    const free = this.#free.pop();
    if (free) {
      free.cooling.cancel();
      return Promise.resolve(free.worker);
    }
    if (this.#all.size < this.workersMax) return Promise.resolve(this.#start());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Gives a worker back. */
  release(worker: WorkerThread): void {
    if (worker.ended) return;
    const next = this.#waiting.shift();
    if (next) {
      next(worker);
      return;
    }
    const cooling = this.#clock.after(WARM_MS, () => void worker.terminate());
    this.#free.push({ worker, cooling });
  }

  async close(): Promise<void> {
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
    if (next) next(this.#start());
  }
}
