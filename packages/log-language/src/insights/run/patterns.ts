// `pattern`: how often texts of each shape occur, now and in the earlier range of `diff`.
import { Budget } from '../query-limit-error.ts';
import type { Evaluate } from '../functions/function.ts';
import { compareText } from '../values/order.ts';
import { toText, type Value } from '../values/value.ts';
import type { Collector, Terminal } from './collector.ts';
import type { Row } from './row.ts';
import { patternOf, severityOf } from './text-shape.ts';

const patternsMax = 20_000;

interface Counts {
  now: number;
  before: number;
}

type PatternsPartial = ReadonlyMap<string, Counts>;

/** Slots of the columns of `pattern`, and of those that `diff` adds. */
export const patternColumns = ['@pattern', '@sampleCount', '@ratio', '@severityLabel'] as const;
export const diffColumns = [
  '@pattern',
  '@sampleCount',
  '@previousSampleCount',
  '@difference',
  '@differenceDescription',
  '@severityLabel',
] as const;

export class Patterns implements Terminal {
  readonly #input: Evaluate;
  readonly #diff: boolean;

  constructor(input: Evaluate, diff: boolean) {
    this.#input = input;
    this.#diff = diff;
  }

  collector(): Collector {
    return new PatternCollector(this.#input);
  }

  finish(partials: readonly unknown[]): Value[][] {
    const merged = new Map<string, Counts>();
    const budget = new Budget(patternsMax, 'patterns');
    for (const [pattern, { now, before }] of (partials as readonly PatternsPartial[]).flatMap((map) => [
      ...map,
    ])) {
      const counts = countsOf(merged, pattern, budget);
      counts.now += now;
      counts.before += before;
    }
    return this.#diff ? diffRows(merged) : patternRows(merged);
  }
}

function countsOf(map: Map<string, Counts>, pattern: string, budget: Budget): Counts {
  let counts = map.get(pattern);
  if (!counts) {
    budget.take(1);
    counts = { now: 0, before: 0 };
    map.set(pattern, counts);
  }
  return counts;
}

class PatternCollector implements Collector {
  readonly #input: Evaluate;
  readonly #counts = new Map<string, Counts>();
  readonly #budget = new Budget(patternsMax, 'patterns');

  constructor(input: Evaluate) {
    this.#input = input;
  }

  accept(row: Row): void {
    const text = toText(this.#input(row));
    if (text === undefined) return;
    const counts = countsOf(this.#counts, patternOf(text), this.#budget);
    if (row.current) counts.now += 1;
    if (row.previous) counts.before += 1;
  }

  enough(): boolean {
    return false;
  }

  partial(): PatternsPartial {
    return new Map([...this.#counts].map(([pattern, counts]) => [pattern, { ...counts }]));
  }
}

/** The most frequent first. */
function patternRows(patterns: PatternsPartial): Value[][] {
  const total = [...patterns.values()].reduce((sum, { now }) => sum + now, 0);
  return [...patterns]
    .sort(([left, a], [right, b]) => b.now - a.now || compareText(left, right))
    .map(([pattern, { now }]) => [pattern, now, now / total, severityOf(pattern)]);
}

/** The largest change first. */
function diffRows(patterns: PatternsPartial): Value[][] {
  return [...patterns]
    .map(([pattern, { now, before }]) => ({ pattern, now, before, change: now - before }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || compareText(a.pattern, b.pattern))
    .map(({ pattern, now, before, change }) => [
      pattern,
      now,
      before,
      change,
      describeChange(now, before),
      severityOf(pattern),
    ]);
}

function describeChange(now: number, before: number): string {
  if (before === 0) return 'New pattern';
  if (now === 0) return 'Pattern disappeared';
  if (now === before) return 'No change';
  const percent = Math.round((Math.abs(now - before) / before) * 100);
  return `${now > before ? 'Increased' : 'Decreased'} by ${percent}%`;
}
