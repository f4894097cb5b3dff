// One query in several workers: tasks go to whoever is free, partial results come back, and all end together.
import type { Clock } from '@pergola/kernel';
import type { CompiledQuery, QueryPartial } from '@pergola/log-language';
import type { QueryProgress, StoreQuery } from './contract.ts';
import type { ScanPool } from './scan-pool.ts';
import { addCounts, noCounts, type ScanQuery, type ScanReply, type ScanTask } from './scan-protocol.ts';
import type { WorkerThread } from './worker-thread.ts';

/** After a query was cancelled, a worker has so long to answer before it is ended. */
const GRACE_MS = 1_000;

export interface ParallelScanParts {
  readonly pool: ScanPool;
  readonly clock: Clock;
  readonly progressMs: number;
}

/** What is known of a worker's run. */
interface Share {
  partial: QueryPartial | undefined;
  askedMs: number;
}

export class ParallelScan {
  readonly #parts: ParallelScanParts;
  readonly #query: StoreQuery;
  readonly #compiled: CompiledQuery;
  readonly #wire: ScanQuery;
  readonly #shares = new Map<WorkerThread, Share>();
  readonly #busy = new Set<WorkerThread>();
  #counts = noCounts;
  #enough = false;
  #stopped = false;
  #reportedMs: number;

  constructor(
    parts: ParallelScanParts,
    query: StoreQuery,
    { id, compiled }: { id: number; compiled: CompiledQuery },
  ) {
    this.#parts = parts;
    this.#query = query;
    this.#compiled = compiled;
    this.#wire = { id, text: query.text, context: query.context };
    this.#reportedMs = parts.clock.monotonicMs();
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
      const partials = await Promise.race([this.#finish(), aborted]);
      return this.#progress(partials);
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
    const withPartial =
      this.#query.onProgress !== undefined && nowMs - share.askedMs >= this.#parts.progressMs / 2;
    this.#busy.add(worker);
    try {
      const reply = await worker.ask({ do: 'scan', query: this.#wire, task, withPartial });
      if (withPartial) share.askedMs = nowMs;
      this.#note(share, reply);
    } finally {
      this.#busy.delete(worker);
    }
  }

  #note(share: Share, { counts, enough, partial }: ScanReply): void {
    this.#counts = addCounts(this.#counts, counts);
    if (enough) this.#enough = true;
    if (partial) share.partial = partial;
    const nowMs = this.#parts.clock.monotonicMs();
    if (!this.#query.onProgress || this.#stopped || nowMs - this.#reportedMs < this.#parts.progressMs) return;
    this.#reportedMs = nowMs;
    this.#query.onProgress(
      this.#progress([...this.#shares.values()].flatMap((share) => share.partial ?? [])),
    );
  }

  async #finish(): Promise<QueryPartial[]> {
    const replies = await Promise.all(
      [...this.#shares.keys()].map((worker) => worker.ask({ do: 'finish', query: this.#wire })),
    );
    return replies.flatMap(({ partial }) => partial ?? []);
  }

  #progress(partials: readonly QueryPartial[]): QueryProgress {
    const { recordsScanned, bytesScanned } = this.#counts;
    return { recordsScanned, bytesScanned, result: this.#compiled.finish(partials) };
  }

  /** Tells the workers to forget the query; one that does not even hear it is ended. */
  #stop(): void {
    this.#stopped = true;
    for (const worker of this.#shares.keys()) {
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
