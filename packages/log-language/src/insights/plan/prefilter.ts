// What a filter lets one search for in bytes before events are looked at: words that must be there, or the number
// behind a key.
import type { Prefilter } from '../run/candidates.ts';
import type { Probe } from '../run/probe.ts';
import type { Comparison, Expression, FieldNode } from '../syntax/expression.ts';
import { nameOf } from '../syntax/expression.ts';
import { needlesOf, unicodeEscape } from './needles.ts';
import type { EventScope } from './scope.ts';

/** Undefined when the filter lets one search for nothing. */
export function prefilterOf(condition: Expression, scope: EventScope): Prefilter | undefined {
  const needles = needlesOf(condition, scope);
  if (needles) return { needles: needles.any, probe: undefined, exact: needles.exact };
  const probe = probeOf(condition, scope);
  // A key that is written with escapes is not found as it is.
  return probe && { needles: [unicodeEscape], probe, exact: false };
}

function probeOf(node: Expression, scope: EventScope): Probe | undefined {
  if (node.kind === 'and') return probeOf(node.left, scope) ?? probeOf(node.right, scope);
  if (node.kind !== 'compare') return undefined;
  if (node.left.kind === 'field') return probe(node.left, node.operator, node.right, scope);
  return node.right.kind === 'field'
    ? probe(node.right, mirrored[node.operator], node.left, scope)
    : undefined;
}

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function probe(
  field: FieldNode,
  operator: Comparison,
  value: Expression,
  scope: EventScope,
): Probe | undefined {
  if (value.kind !== 'number' || scope.isAlias(field)) return undefined;
  const name = nameOf(field);
  if (name.startsWith('@') && !name.startsWith('@@')) return undefined;
  const last = name.split('.').at(-1) ?? '';
  // Not an index, nor a key that can be written with a backslash and another letter than u.
  if (!/^[^\d"\\/\p{Cc}\p{Cs}\ufffd][^"\\/\p{Cc}\p{Cs}\ufffd]*$/u.test(last)) return undefined;
  return { key: Buffer.from(`${last.replace(/^@@/, '@')}"`), passes: tests[operator](value.value) };
}

const tests: Readonly<Record<Comparison, (wanted: number) => (number: number) => boolean>> = {
  '=': (wanted) => (number) => number === wanted,
  '!=': (wanted) => (number) => number !== wanted,
  '<': (wanted) => (number) => number < wanted,
  '<=': (wanted) => (number) => number <= wanted,
  '>': (wanted) => (number) => number > wanted,
  '>=': (wanted) => (number) => number >= wanted,
};
