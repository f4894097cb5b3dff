// Runs a query over groups: finds the blocks in question, and has them scanned here or, when they are many or the
// query could run away, by workers.
import { availableParallelism } from 'node:os';
import type { Clock, Logger } from '@pergola/kernel';
import { type CompiledQuery, compileQuery } from '@pergola/log-language';
import type { BlockLoader } from '../files/block-loader.ts';
import type { QueryProgress, StoreQuery } from '../contract.ts';
import type { GroupDirectory } from '../groups/group-directory.ts';
import type { Leases } from '../groups/leases.ts';
import { ParallelScan } from './parallel-scan.ts';
import { ScanPool } from './scan-pool.ts';
import { addCounts, noCounts } from './scan-protocol.ts';
import { scanBlock } from './scan-runs.ts';
import { type BlockToScan, tasksOf } from './scan-tasks.ts';
import { overlaps } from '../files/stored-block.ts';
import { Turns } from '../turns.ts';
import { WorkerLostError } from './worker-thread.ts';

export interface QueryScanParts {
  readonly directory: GroupDirectory;
  readonly loader: BlockLoader;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Message bytes that are scanned here at most. */
  readonly bytesHereMax: number;
}

/** Between two reports of progress. */
const PROGRESS_MS = 300;
/** One may be held by a query that runs away. */
const WORKERS_MIN = 2;
const WORKERS_MAX = 4;

export class QueryScan {
  readonly #parts: QueryScanParts;
  readonly #pool: ScanPool;
  #last = 0;

  constructor(parts: QueryScanParts) {
    this.#parts = parts;
    this.#pool = new ScanPool(
      parts.clock,
      Math.min(Math.max(availableParallelism(), WORKERS_MIN), WORKERS_MAX),
    );
  }

  async run(query: StoreQuery): Promise<QueryProgress> {
    const compiled = compileQuery(query.text, query.context);
    if (!compiled.ok) throw new RangeError(`not a query: ${compiled.error.message}`);
    query.signal.throwIfAborted();
    const endLease = this.#parts.leases.begin();
    try {
      const blocks = await this.#blocksOf(query, compiled.value);
      query.signal.throwIfAborted();
      const bytes = blocks.reduce((sum, { block }) => sum + block.messageBytes, 0);
      if (blocks.length === 0)
        return { ...noCounts, result: compiled.value.finish([compiled.value.start().partial()]) };
      const isSmall = bytes <= this.#parts.bytesHereMax && !mayRunAway(query.text);
      if (isSmall) return await this.#scanHere(query, compiled.value, blocks);
      return await this.#scanThere(query, blocks);
    } finally {
      endLease();
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** The newest first: most queries want the newest rows, and turn older ones away as soon as they have enough. */
  async #blocksOf(query: StoreQuery, compiled: CompiledQuery): Promise<BlockToScan[]> {
    const found: BlockToScan[] = [];
    for (const group of query.groups) {
      await this.#parts.directory.use(group.key, async (log) => {
        for (const block of log.blocks()) {
          // Ranges include their ends.
          const inRange = compiled.ranges.some(({ startMs, endMs }) => overlaps(block, startMs, endMs + 1));
          if (inRange) found.push({ group, block, mask: log.mask });
        }
      });
    }
    return found.sort((a, b) => b.block.maxMs - a.block.maxMs);
  }

  async #scanHere(
    query: StoreQuery,
    compiled: CompiledQuery,
    blocks: readonly BlockToScan[],
  ): Promise<QueryProgress> {
    const run = compiled.start();
    let counts = noCounts;
    const progress = () => ({ ...counts, result: compiled.finish([run.partial()]) });
    let reportedMs = this.#parts.clock.monotonicMs();
    const turns = new Turns(this.#parts.clock);
    for (const { group, block, mask } of blocks) {
      if (run.enough()) break;
      await turns.pass();
      const loaded = await this.#parts.loader.load(group, block);
      query.signal.throwIfAborted();
      counts = addCounts(counts, scanBlock({ compiled, run }, { mask }, { block: loaded, damaged: 0 }));
      const nowMs = this.#parts.clock.monotonicMs();
      if (query.onProgress && nowMs - reportedMs >= PROGRESS_MS) {
        query.onProgress(progress());
        reportedMs = nowMs;
      }
    }
    return progress();
  }

  /** Once more when a worker was ended because of somebody else's query. */
  async #scanThere(query: StoreQuery, blocks: readonly BlockToScan[]): Promise<QueryProgress> {
    try {
      return await this.#scanInWorkers(query, blocks);
    } catch (error) {
      const again = error instanceof WorkerLostError && error.wasTerminated && !query.signal.aborted;
      if (!again) throw error;
      return this.#scanInWorkers(query, blocks);
    }
  }

  async #scanInWorkers(query: StoreQuery, blocks: readonly BlockToScan[]): Promise<QueryProgress> {
    const { clock, logger } = this.#parts;
    const parts = { pool: this.#pool, clock, progressMs: PROGRESS_MS };
    const scan = new ParallelScan(parts, query, ++this.#last);
    const result = await scan.run(tasksOf(blocks, this.#pool.workersMax));
    if (scan.damaged > 0) logger.error({ damaged: scan.damaged }, 'damaged log events are passed over');
    return result;
  }
}

/** True when the text may hold a regular expression, or a glob that becomes one: these can take for ever. */
function mayRunAway(text: string): boolean {
  return /\/|regex|\bparse\b/i.test(text);
}
