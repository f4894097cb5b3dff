// One pass of a query over some of the events.
import type { LogBlock } from '../../log-block.ts';
import type { QueryRun } from '../contract.ts';
import { FieldScanner } from '../fields/field-scanner.ts';
import type { QueryPlan } from '../plan/plan-query.ts';
import type { Push } from '../plan/stage.ts';
import { markCandidates } from './candidates.ts';
import type { Collector } from './collector.ts';
import { Row } from './row.ts';

export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** The range that is asked for, and the earlier one of `diff`. Both ends inclusive. */
export interface QueryRanges {
  readonly current: TimeRange;
  readonly previous: TimeRange | undefined;
}

/** What a run gives away as its partial. */
export interface RunPartial {
  readonly matched: number;
  readonly collected: unknown;
}

export class ScanRun implements QueryRun {
  readonly #plan: QueryPlan;
  readonly #ranges: QueryRanges;
  readonly #collector: Collector;
  readonly #row: Row;
  readonly #push: Push;
  #matched = 0;

  constructor(plan: QueryPlan, ranges: QueryRanges) {
    this.#plan = plan;
    this.#ranges = ranges;
    this.#collector = plan.terminal.collector();
    this.#row = new Row(new FieldScanner(plan.scope.plan));
    const collect: Push = (row) => {
      if (row.ordinal === 0 && row.current) this.#matched += 1;
      this.#collector.accept(row);
      row.ordinal += 1;
    };
    this.#push = plan.stages.reduceRight((next, stage) => stage(next), collect);
  }

  get matched(): number {
    return this.#matched;
  }

  add(block: LogBlock, from: number, to: number): void {
    if (from >= to) return;
    this.#row.enter(block);
    const { prefilter } = this.#plan;
    const marks = prefilter && markCandidates(block, { from, to }, prefilter);
    // Backwards: where the newest rows are wanted, all others are turned away at once.
    for (let index = to - 1; index >= from; index -= 1) {
      if (marks && marks[index - from] !== 1) continue;
      if (this.#enter(block.timestampsMs[index] ?? 0)) {
        this.#row.move(index);
        this.#push(this.#row);
        if (this.#collector.enough()) return;
      }
    }
  }

  /** Notes in which ranges the event lies; false when in none. */
  #enter(ms: number): boolean {
    const { current, previous } = this.#ranges;
    const now = ms >= current.startMs && ms <= current.endMs;
    if (!previous) return now;
    this.#row.current = now;
    this.#row.previous = ms >= previous.startMs && ms <= previous.endMs;
    return now || this.#row.previous;
  }

  enough(): boolean {
    return this.#collector.enough();
  }

  partial(): RunPartial {
    return { matched: this.#matched, collected: this.#collector.partial() };
  }
}
