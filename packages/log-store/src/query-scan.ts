// Runs a query over groups: finds the blocks in question and shows them to the compiled query.
import type { Clock } from '@pergola/kernel';
import type { CompiledQuery } from '@pergola/log-language';
import type { BlockLoader } from './block-loader.ts';
import type { GroupRef, QueryProgress, StoreQuery } from './contract.ts';
import type { GroupDirectory } from './group-directory.ts';
import type { Leases } from './leases.ts';
import { stretchesOf } from './loaded-block.ts';
import type { Mask } from './mask.ts';
import { compileQuery } from './query-language.ts';
import { overlaps, type StoredBlock } from './stored-block.ts';

/** A block to show to a query, and whose it is. */
export interface BlockToScan {
  readonly group: GroupRef;
  readonly block: StoredBlock;
  readonly mask: Mask;
}

export interface QueryScanParts {
  readonly directory: GroupDirectory;
  readonly loader: BlockLoader;
  readonly leases: Leases;
  readonly clock: Clock;
}

/** Between two reports of progress. */
const PROGRESS_MS = 300;

export class QueryScan {
  readonly #parts: QueryScanParts;

  constructor(parts: QueryScanParts) {
    this.#parts = parts;
  }

  async run(query: StoreQuery): Promise<QueryProgress> {
    const compiled = compileQuery(query.text, query.context);
    if (!compiled.ok) throw new RangeError(`not a query: ${compiled.error.message}`);
    query.signal.throwIfAborted();
    const endLease = this.#parts.leases.begin();
    try {
      const blocks = await this.#blocksOf(query, compiled.value);
      return await this.#scanHere(query, compiled.value, blocks);
    } finally {
      endLease();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

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
    return found;
  }

  async #scanHere(
    query: StoreQuery,
    compiled: CompiledQuery,
    blocks: readonly BlockToScan[],
  ): Promise<QueryProgress> {
    const run = compiled.start();
    const counts = { recordsScanned: 0, bytesScanned: 0 };
    const progress = () => ({ ...counts, result: compiled.finish([run.partial()]) });
    let reportedMs = this.#parts.clock.monotonicMs();
    for (const { group, block, mask } of blocks) {
      if (run.enough()) break;
      const loaded = await this.#parts.loader.load(group, block);
      query.signal.throwIfAborted();
      if (!loaded) continue;
      for (const { from, to } of stretchesOf(loaded, mask)) {
        run.add(loaded, from, to);
        counts.recordsScanned += to - from;
        counts.bytesScanned += (loaded.starts[to] ?? 0) - (loaded.starts[from] ?? 0);
      }
      const nowMs = this.#parts.clock.monotonicMs();
      if (query.onProgress && nowMs - reportedMs >= PROGRESS_MS) {
        query.onProgress(progress());
        reportedMs = nowMs;
      }
    }
    return progress();
  }
}
