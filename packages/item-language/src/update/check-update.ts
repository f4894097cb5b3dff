// What DynamoDB refuses in an update that is well formed, each check over the whole expression: reserved words, unknown
// functions, sections that stand twice; then placeholders, clashing paths, and operands.
import { checkReservedWords } from '../condition/check-condition.ts';
import { conditionFunctions, updateFunctions } from '../condition/functions.ts';
import { type ExpressionKind, invalidExpression, type ItemLanguageError } from '../item-language-error.ts';
import {
  nodesOf,
  type OperandNode,
  type SetValueNode,
  type UpdateAction,
  type UpdateNode,
} from '../syntax/tree.ts';

const KIND = 'UpdateExpression';

/** Checks that need no placeholders. */
export function checkUpdateWords({ actions, repeated }: UpdateNode): void {
  for (const operand of actions.flatMap(operandsOfAction)) checkReservedWords(KIND, operand);
  for (const operand of actions.flatMap(operandsOfAction)) checkFunctionNames(operand);
  if (repeated !== undefined)
    throw invalidExpression(KIND, `The "${repeated}" section can only be used once in an update expression;`);
}

/** The operands of an action, its own path first. */
export function operandsOfAction(action: UpdateAction): readonly OperandNode[] {
  return action.section === 'REMOVE' ? [action.path] : [action.path, ...operandsOfValue(action.value)];
}

export function operandsOfValue(value: SetValueNode): readonly OperandNode[] {
  return value.kind === 'arithmetic' ? [value.left, value.right] : [value];
}

function checkFunctionNames(operand: OperandNode): void {
  for (const node of nodesOf(operand)) {
    if (node.kind === 'call' && node.name === 'list_append') refuseNestedLists(node.args);
    if (node.kind !== 'call' || updateFunctions.has(node.name)) continue;
    if (conditionFunctions.has(node.name))
      throw invalidExpression(
        KIND,
        `The function is not allowed in an update expression; function: ${node.name}`,
      );
    throw invalidExpression(KIND, `Invalid function name; function: ${node.name}`);
  }
}

export function wrongOperandType(kind: ExpressionKind, name: string, type: string): ItemLanguageError {
  return invalidExpression(
    kind,
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );
}

/** A list that list_append makes cannot be appended to in the same breath. */
function refuseNestedLists(args: readonly OperandNode[]): void {
  if (args.some((arg) => arg.kind === 'call' && arg.name === 'list_append'))
    throw invalidExpression(
      KIND,
      'The function is not allowed to be used this way in an expression; function: list_append',
    );
}
