// From a condition's tree to one function of an item. Nothing is allocated per item but the result of size().
import type { AttributeValue, Item } from '../attribute-value.ts';
import type { ExpressionKind } from '../item-language-error.ts';
import type { Placeholders } from '../placeholders.ts';
import { type Comparator, type ConditionNode, type LeafNode, operandsOf } from '../syntax/tree.ts';
import { compareValues, equalValues } from '../values/compare.ts';
import { checkLeaf } from './check-leaf.ts';
import type { Condition } from './condition.ts';
import { compileFunction } from './compile-function.ts';
import { bindOperand, type Operand, type Scope } from './operands.ts';

type Test = (item: Item) => boolean;

/** Binds a condition to a request's placeholders, with all checks that depend on them. Throws `ItemLanguageError`. */
export function compileCondition(
  kind: ExpressionKind,
  node: ConditionNode,
  placeholders: Placeholders,
): Condition {
  const scope: Scope = { kind, placeholders, paths: [] };
  return { test: compileNode(node, scope), paths: scope.paths };
}

function compileNode(node: ConditionNode, scope: Scope): Test {
  switch (node.kind) {
    case 'and':
      return everyOf(node.parts.map((part) => compileNode(part, scope)));
    case 'or':
      return someOf(node.parts.map((part) => compileNode(part, scope)));
    case 'not': {
      const part = compileNode(node.part, scope);
      return (item) => !part(item);
    }
    default:
      return compileLeaf(node, scope);
  }
}

function everyOf(parts: readonly Test[]): Test {
  return (item) => {
    for (const part of parts) if (!part(item)) return false;
    return true;
  };
}

function someOf(parts: readonly Test[]): Test {
  return (item) => {
    for (const part of parts) if (part(item)) return true;
    return false;
  };
}

function compileLeaf(leaf: LeafNode, scope: Scope): Test {
  const operands = operandsOf(leaf).map((operand) => bindOperand(operand, scope));
  checkLeaf(leaf, operands, scope);
  const [first, ...rest] = operands;
  if (first === undefined) return () => false;
  switch (leaf.kind) {
    case 'comparison':
      return compileComparison(leaf.comparator, first, rest[0] ?? first);
    case 'between':
      return compileBetween(first, rest[0] ?? first, rest[1] ?? first);
    case 'in':
      return compileIn(first, rest);
    case 'call':
      return compileFunction(leaf.name, first, rest[0]);
  }
}

type OrderTest = (order: number) => boolean;

const ORDER_TESTS: Readonly<Record<Exclude<Comparator, '=' | '<>'>, OrderTest>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function compileComparison(comparator: Comparator, left: Operand, right: Operand): Test {
  if (comparator === '=') return (item) => same(left.read(item), right.read(item));
  // What does not exist differs from everything.
  if (comparator === '<>') return (item) => !same(left.read(item), right.read(item));
  const test = ORDER_TESTS[comparator];
  return (item) => {
    const order = orderOf(left.read(item), right.read(item));
    return order !== undefined && test(order);
  };
}

function same(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  return left !== undefined && right !== undefined && equalValues(left, right);
}

function orderOf(left: AttributeValue | undefined, right: AttributeValue | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : compareValues(left, right);
}

function compileBetween(operand: Operand, low: Operand, high: Operand): Test {
  return (item) => {
    const value = operand.read(item);
    const fromLow = orderOf(value, low.read(item));
    if (fromLow === undefined || fromLow < 0) return false;
    const fromHigh = orderOf(value, high.read(item));
    return fromHigh !== undefined && fromHigh <= 0;
  };
}

function compileIn(operand: Operand, list: readonly Operand[]): Test {
  return (item) => {
    const value = operand.read(item);
    if (value === undefined) return false;
    for (const member of list) if (same(value, member.read(item))) return true;
    return false;
  };
}
