// Expected, QueryFilter and ScanFilter as conditions: the same trees as expressions make.
import { compileCondition } from '../condition/compile-condition.ts';
import type { Condition } from '../condition/condition.ts';
import { ItemLanguageError } from '../item-language-error.ts';
import { Placeholders } from '../placeholders.ts';
import type { CallNode, Comparator, ConditionNode, LiteralNode, PathNode } from '../syntax/tree.ts';
import {
  type CheckedCondition,
  checkConditions,
  type ComparisonOperator,
  type LegacyCondition,
} from './legacy-condition.ts';

/** The conditions put together by the ConditionalOperator. Throws `ItemLanguageError`. */
export function legacyFilter(
  conditions: Readonly<Record<string, LegacyCondition>>,
  conditionalOperator?: 'AND' | 'OR',
): Condition {
  const checked = checkConditions(conditions);
  checkConditionalOperator(conditionalOperator, checked.length);
  const kind = conditionalOperator === 'OR' ? 'or' : 'and';
  return compileCondition('ConditionExpression', { kind, parts: checked.map(nodeFor) }, new Placeholders());
}

/** A ConditionalOperator needs something to put together. */
export function checkConditionalOperator(operator: 'AND' | 'OR' | undefined, conditions: number): void {
  if (operator === undefined || conditions > 1) return;
  throw new ItemLanguageError(
    conditions === 0
      ? 'ConditionalOperator cannot be used without Filter or Expected'
      : 'ConditionalOperator can only be used when Filter or Expected has two or more elements',
  );
}

const COMPARATORS: Readonly<Partial<Record<ComparisonOperator, Comparator>>> = {
  EQ: '=',
  NE: '<>',
  LE: '<=',
  LT: '<',
  GE: '>=',
  GT: '>',
};

function nodeFor({ name, operator, values }: CheckedCondition): ConditionNode {
  const path: PathNode = { kind: 'path', steps: [{ kind: 'name', name }] };
  const literals = values.map((value): LiteralNode => ({ kind: 'literal', value }));
  const [first, second] = literals;
  const comparator = COMPARATORS[operator];
  if (first === undefined)
    return call(operator === 'NULL' ? 'attribute_not_exists' : 'attribute_exists', path);
  if (comparator !== undefined) return { kind: 'comparison', comparator, left: path, right: first };
  if (operator === 'IN') return { kind: 'in', operand: path, list: literals };
  if (operator === 'BETWEEN') return { kind: 'between', operand: path, low: first, high: second ?? first };
  if (operator === 'BEGINS_WITH') return call('begins_with', path, first);
  const contains = call('contains', path, first);
  if (operator === 'CONTAINS') return contains;
  // What does not exist contains nothing, and does not "not contain" anything either.
  return { kind: 'and', parts: [call('attribute_exists', path), { kind: 'not', part: contains }] };
}

function call(name: string, ...args: CallNode['args']): CallNode {
  return { kind: 'call', name, args };
}
