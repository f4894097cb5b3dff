// What DynamoDB refuses in a condition that is well formed, in its order: over the whole expression unknown functions,
// functions in the wrong place and reserved words; then, leaf by leaf, placeholders, operands and their types.
import type { ExpressionKind, ItemLanguageError } from '../item-language-error.ts';
import { invalidExpression } from '../item-language-error.ts';
import { isReservedWord } from '../syntax/reserved-words.ts';
import {
  type ConditionNode,
  type LeafNode,
  leavesOf,
  nodesOf,
  operandsOf,
  type OperandNode,
} from '../syntax/tree.ts';
import { conditionFunctions, updateFunctions } from './functions.ts';

/** Checks that need no placeholders; they hold for the text for ever. */
export function checkConditionWords(kind: ExpressionKind, condition: ConditionNode): void {
  checkConditionFunctions(kind, condition);
  for (const leaf of leavesOf(condition))
    for (const operand of operandsOf(leaf)) checkReservedWords(kind, operand);
}

/** Functions that do not exist, and functions in the wrong place. */
export function checkConditionFunctions(kind: ExpressionKind, condition: ConditionNode): void {
  const leaves = leavesOf(condition);
  for (const leaf of leaves) checkFunctionNames(kind, leaf);
  for (const leaf of leaves) checkFunctionPlaces(kind, leaf);
}

function checkFunctionNames(kind: ExpressionKind, leaf: LeafNode): void {
  const calls = (leaf.kind === 'call' ? [leaf] : operandsOf(leaf)).flatMap((operand) => [
    ...nodesOf(operand),
  ]);
  for (const node of calls) {
    if (node.kind !== 'call' || conditionFunctions.has(node.name)) continue;
    if (updateFunctions.has(node.name))
      throw invalidExpression(
        kind,
        `The function is not allowed in a condition expression; function: ${node.name}`,
      );
    throw invalidExpression(kind, `Invalid function name; function: ${node.name}`);
  }
}

function checkFunctionPlaces(kind: ExpressionKind, leaf: LeafNode): void {
  if (leaf.kind === 'call' && conditionFunctions.get(leaf.name)?.place !== 'condition')
    throw misused(kind, leaf.name);
  for (const operand of operandsOf(leaf))
    for (const node of nodesOf(operand))
      if (node.kind === 'call' && conditionFunctions.get(node.name)?.place !== 'operand')
        throw misused(kind, node.name);
}

function misused(kind: ExpressionKind, name: string): ItemLanguageError {
  return invalidExpression(
    kind,
    `The function is not allowed to be used this way in an expression; function: ${name}`,
  );
}

export function checkReservedWords(kind: ExpressionKind, operand: OperandNode): void {
  for (const node of nodesOf(operand)) {
    if (node.kind !== 'path') continue;
    for (const step of node.steps)
      if (step.kind === 'name' && isReservedWord(step.name))
        throw invalidExpression(kind, `Attribute name is a reserved keyword; reserved keyword: ${step.name}`);
  }
}
