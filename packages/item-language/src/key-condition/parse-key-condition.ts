// The door to KeyConditionExpression: the grammar of conditions, of which keys allow little.
import { checkLeaf, nameOf } from '../condition/check-leaf.ts';
import { conditionTree } from '../condition/condition-tree.ts';
import { bindOperand, type Operand, type Scope } from '../condition/operands.ts';
import type { ExpressionCache } from '../expression-cache.ts';
import { ItemLanguageError } from '../item-language-error.ts';
import type { Placeholders } from '../placeholders.ts';
import { type ConditionNode, type LeafNode, leavesOf, operandsOf } from '../syntax/tree.ts';
import type { KeyCondition } from './key-condition.ts';

const KIND = 'KeyConditionExpression';

/** Parses and binds a KeyConditionExpression; `keyRangeOf` then fits it to a key schema. Throws `ItemLanguageError`. */
export function parseKeyCondition(
  text: string,
  placeholders: Placeholders,
  cache?: ExpressionCache,
): readonly KeyCondition[] {
  const node = conditionTree(KIND, text, cache);
  const scope: Scope = { kind: KIND, placeholders, paths: [] };
  const bound = leavesOf(node).map((leaf) => {
    const operands = operandsOf(leaf).map((operand) => bindOperand(operand, scope));
    checkLeaf(leaf, operands, scope);
    return { leaf, operands };
  });
  checkOperators(node);
  const conditions = bound.map(({ leaf, operands }) => keyConditionOf(leaf, operands));
  checkCounts(conditions);
  return conditions;
}

function refusedOperator(operator: string): ItemLanguageError {
  return new ItemLanguageError(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

const ALLOWED: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with']);

function checkOperators(node: ConditionNode): void {
  if (node.kind === 'or' || node.kind === 'not') throw refusedOperator(node.kind.toUpperCase());
  if (node.kind === 'and') return node.parts.forEach(checkOperators);
  if (!ALLOWED.has(nameOf(node))) throw refusedOperator(nameOf(node));
  return undefined;
}

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function keyConditionOf(leaf: LeafNode, operands: readonly Operand[]): KeyCondition {
  if (operands.some(({ size }) => size !== undefined))
    throw new ItemLanguageError('KeyConditionExpressions cannot contain nested operations');
  const paths = operands.filter(({ path }) => path !== undefined);
  if (paths.length > 1) throw invalidCondition('Multiple attribute names used in one condition');
  const [path] = paths.map((operand) => operand.path);
  if (path === undefined) throw invalidCondition('No key attribute specified');
  if (path.length > 1)
    throw new ItemLanguageError('KeyConditionExpressions cannot have conditions on nested attributes');
  return conditionOn(path[0], leaf, operands);
}

function conditionOn(name: string, leaf: LeafNode, operands: readonly Operand[]): KeyCondition {
  const [first] = operands;
  const [one, two] = operands.flatMap(({ constant }) => constant ?? []);
  if (one === undefined) throw invalidCondition('No key attribute specified');
  if (leaf.kind === 'comparison' && leaf.comparator !== '<>') {
    const operator = first?.path === undefined ? MIRRORED[leaf.comparator] : leaf.comparator;
    return { name, operator, value: one };
  }
  if (first?.path === undefined)
    throw invalidCondition(`${nameOf(leaf)} operator must have the key attribute as its first operand`);
  if (two !== undefined) return { name, operator: 'between', low: one, high: two };
  return { name, operator: 'begins_with', value: one };
}

function invalidCondition(problem: string): ItemLanguageError {
  return new ItemLanguageError(`Invalid condition in KeyConditionExpression: ${problem}`);
}

/** Two keys at most, each once. */
function checkCounts(conditions: readonly KeyCondition[]): void {
  const names = new Set(conditions.map(({ name }) => name));
  if (names.size < conditions.length)
    throw new ItemLanguageError('KeyConditionExpressions must only contain one condition per key');
  if (conditions.length > 2) throw new ItemLanguageError('Conditions can be of length 1 or 2 only');
}
