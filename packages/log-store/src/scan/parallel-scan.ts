// One query in several workers: tasks go to whoever is free, partial results come back, and all end together.
import { assert, type Clock } from '@pergola/kernel';
import type { QueryRows } from '@pergola/log-language';
import type { QueryProgress, StoreQuery } from '../contract.ts';
import { type PackedPartial, unpackRows } from '../packed.ts';
import type { ScanPool } from './scan-pool.ts';
import {
  addCounts,
  noCounts,
  type ScanQuery,
  type ScanReply,
  type ScanRequest,
  type ScanTask,
} from './scan-protocol.ts';
import type { WorkerThread } from './worker-thread.ts';

/** After a query was cancelled, a worker has so long to answer before it is ended. */
const GRACE_MS = 1_000;
/** Making a report takes a fifth of the workers' time at most: one of many rows is not soon followed by another. */
const REPORT_PAUSES = 4;

export interface ParallelScanParts {
  readonly pool: ScanPool;
  readonly clock: Clock;
  readonly progressMs: number;
}

/** What is known of a worker's run. */
interface Share {
  partial: PackedPartial | undefined;
  askedMs: number;
}

export class ParallelScan {
  readonly #parts: ParallelScanParts;
  readonly #query: StoreQuery;
  readonly #wire: ScanQuery;
  readonly #shares = new Map<WorkerThread, Share>();
  readonly #busy = new Set<WorkerThread>();
  #counts = noCounts;
  #enough = false;
  #stopped = false;
  #reporting = false;
  #reportedMs: number;
  /** Between two reports. */
  #pauseMs: number;

  /** `id` is the query's own within the store. */
  constructor(parts: ParallelScanParts, query: StoreQuery, id: number) {
    this.#parts = parts;
    this.#query = query;
    this.#wire = { id, text: query.text, context: query.context };
    this.#reportedMs = parts.clock.monotonicMs();
    this.#pauseMs = parts.progressMs;
  }

  /** Rejects with the signal's reason, or when a worker is lost. */
  async run(tasks: readonly ScanTask[]): Promise<QueryProgress> {
    const { signal } = this.#query;
    const waiting = [...tasks];
    let onAbort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    const lanes = Math.min(this.#parts.pool.workersMax, tasks.length);
    const scanned = Promise.all(Array.from({ length: lanes }, () => this.#lane(waiting)));
    try {
      await Promise.race([scanned, aborted]);
      const result = await Promise.race([this.#finish().then((partials) => this.#merge(partials)), aborted]);
      return this.#progress(result);
    } catch (error) {
      this.#stop();
      // Lanes that fail after this one have nothing to add.
      scanned.catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #lane(tasks: ScanTask[]): Promise<void> {
    while (tasks.length > 0 && !this.#enough && !this.#stopped) {
      const worker = await this.#parts.pool.acquire();
      const task = this.#stopped ? undefined : tasks.shift();
      try {
        if (task) await this.#scan(worker, task);
      } finally {
        this.#parts.pool.release(worker);
      }
    }
  }

  async #scan(worker: WorkerThread, task: ScanTask): Promise<void> {
    const nowMs = this.#parts.clock.monotonicMs();
    const share = this.#shares.get(worker) ?? { partial: undefined, askedMs: nowMs };
    this.#shares.set(worker, share);
    const withPartial = this.#query.onProgress !== undefined && nowMs - share.askedMs >= this.#pauseMs / 2;
    const reply = await this.#ask(worker, { do: 'scan', query: this.#wire, task, withPartial });
    if (withPartial) share.askedMs = nowMs;
    this.#note(share, reply);
  }

  async #ask(worker: WorkerThread, request: ScanRequest): Promise<ScanReply> {
    this.#busy.add(worker);
    try {
      return await worker.ask(request);
    } finally {
      this.#busy.delete(worker);
    }
  }

  #note(share: Share, { counts, enough, partial }: ScanReply): void {
    this.#counts = addCounts(this.#counts, counts);
    if (enough) this.#enough = true;
    if (partial) share.partial = partial;
    const isDue = this.#parts.clock.monotonicMs() - this.#reportedMs >= this.#pauseMs;
    if (this.#query.onProgress && isDue && !this.#reporting) void this.#report(this.#query.onProgress);
  }

  async #report(onProgress: (progress: QueryProgress) => void): Promise<void> {
    this.#reporting = true;
    const beganMs = this.#parts.clock.monotonicMs();
    try {
      const result = await this.#merge([...this.#shares.values()].flatMap(({ partial }) => partial ?? []));
      if (!this.#stopped) onProgress(this.#progress(result));
    } catch {
      // The scan itself meets what went wrong, and tells it.
    } finally {
      this.#reporting = false;
      this.#reportedMs = this.#parts.clock.monotonicMs();
      this.#pauseMs = Math.max(this.#parts.progressMs, REPORT_PAUSES * (this.#reportedMs - beganMs));
    }
  }

  async #finish(): Promise<PackedPartial[]> {
    const replies = await Promise.all(
      [...this.#shares.keys()].map((worker) => this.#ask(worker, { do: 'finish', query: this.#wire })),
    );
    return replies.flatMap(({ partial }) => partial ?? []);
  }

  /** In a worker too: what a query does after it has aggregated can take as long as what it does before. */
  async #merge(partials: readonly PackedPartial[]): Promise<QueryRows> {
    const worker = await this.#parts.pool.acquire();
    try {
      const { result } = await this.#ask(worker, { do: 'merge', query: this.#wire, partials });
      assert(result, 'a merge without a result');
      return unpackRows(result);
    } finally {
      this.#parts.pool.release(worker);
    }
  }

  #progress(result: QueryRows): QueryProgress {
    const { recordsScanned, bytesScanned } = this.#counts;
    return { recordsScanned, bytesScanned, result };
  }

  /** Tells the workers to forget the query; one that does not even hear it is ended. */
  #stop(): void {
    this.#stopped = true;
    for (const worker of new Set([...this.#shares.keys(), ...this.#busy])) {
      if (worker.ended) continue;
      const grace = this.#parts.clock.after(GRACE_MS, () => {
        if (this.#busy.has(worker)) void worker.terminate();
      });
      void worker
        .ask({ do: 'forget', query: this.#wire })
        .catch(() => undefined)
        .then(() => grace.cancel());
    }
  }

  get damaged(): number {
    return this.#counts.damaged;
  }
}
