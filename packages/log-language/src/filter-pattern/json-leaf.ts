// One test of a pattern for JSON events: a selector, and what the value there must be.
import { type Condition, readCondition } from './condition.ts';
import { readSelector, type Selector } from './json-selector.ts';
import { invalidPattern } from './pattern-failure.ts';
import type { PatternText } from './pattern-text.ts';

export type JsonLeaf =
  | { readonly kind: 'compare'; readonly selector: Selector; readonly condition: Condition }
  | { readonly kind: 'is'; readonly selector: Selector; readonly value: null | boolean }
  | { readonly kind: 'absent'; readonly selector: Selector };

const constants: ReadonlyMap<string, null | boolean> = new Map([
  ['NULL', null],
  ['TRUE', true],
  ['FALSE', false],
]);

export function readJsonLeaf(text: PatternText): JsonLeaf {
  const selector = readSelector(text);
  text.skipSpaces();
  const start = text.at;
  const word = text.read(/[A-Za-z]+/y);
  if (word === '') return { kind: 'compare', selector, condition: readCondition(text) };
  text.skipSpaces();
  const second = text.read(/[A-Za-z]+/y);
  if (word === 'NOT' && second === 'EXISTS') return { kind: 'absent', selector };
  const value = word === 'IS' ? constants.get(second) : undefined;
  if (value === undefined)
    throw invalidPattern('IS NULL, IS TRUE, IS FALSE or NOT EXISTS is expected', start);
  return { kind: 'is', selector, value };
}
