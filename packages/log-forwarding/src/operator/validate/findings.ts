// What validation found: conditions for each item of a forwarder, by kind and name.
import type { NewCondition } from '../conditions.ts';

export type ItemKind = 'inputs' | 'outputs' | 'filters' | 'pipelines';

export type ItemConditions = Map<string, NewCondition[]>;

export type Findings = Readonly<Record<ItemKind, ItemConditions>>;

export function newFindings(): Findings {
  return { inputs: new Map(), outputs: new Map(), filters: new Map(), pipelines: new Map() };
}

/** Strings as Go prints a slice of them: `[a b]`. */
export function goList(items: readonly string[]): string {
  return `[${items.join(' ')}]`;
}

/** Strings as Go prints a slice of them quoted: `["a" "b"]`. */
export function goQuotedList(items: readonly string[]): string {
  return goList(items.map((item) => JSON.stringify(item)));
}
