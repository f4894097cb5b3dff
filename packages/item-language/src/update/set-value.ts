// What SET puts in place: operands, sums, if_not_exists and list_append, read from the item as it was.
import { type AttributeType, type AttributeValue, type Item, typeOf } from '../attribute-value.ts';
import { resolvePath, valueAt } from '../document-path.ts';
import { placeholderValue, type Scope } from '../condition/operands.ts';
import { updateFunctions } from '../condition/functions.ts';
import { invalidExpression, ItemLanguageError } from '../item-language-error.ts';
import type { ArithmeticNode, CallNode, OperandNode, SetValueNode } from '../syntax/tree.ts';
import { addNumbers, subtractNumbers } from '../values/decimal.ts';
import { ITEM_BYTES_MAX } from '../values/item-size.ts';
import { wrongOperandType } from './check-update.ts';

/** The value for an item; undefined when something is missing that it needs. Throws when a type does not fit. */
export interface SetValue {
  read(item: Item): AttributeValue | undefined;
  /** When it is a placeholder's or a literal: the same for every item. */
  readonly constant?: AttributeValue;
}

/** Looks up a value's placeholders; its functions are checked by `checkSetValue`, after all placeholders. */
export function bindSetValue(node: SetValueNode, scope: Scope): SetValue {
  switch (node.kind) {
    case 'path': {
      const path = resolvePath(node, scope.kind, scope.placeholders);
      return { read: (item) => valueAt(item, path) };
    }
    case 'value':
      return constantValue(placeholderValue(node.placeholder, scope));
    case 'literal':
      return constantValue(node.value);
    case 'call':
      return bindCall(node, scope);
    case 'arithmetic':
      return bindArithmetic(node, scope);
  }
}

function constantValue(constant: AttributeValue): SetValue {
  return { constant, read: () => constant };
}

function bindArithmetic(node: ArithmeticNode, scope: Scope): SetValue {
  const left = bindSetValue(node.left, scope);
  const right = bindSetValue(node.right, scope);
  const combine = node.operator === '+' ? addNumbers : subtractNumbers;
  return {
    read: (item) => {
      const a = expectType(left.read(item), 'N');
      const b = expectType(right.read(item), 'N');
      return a === undefined || b === undefined ? undefined : { N: combine(a.N, b.N) };
    },
  };
}

function bindCall(node: CallNode, scope: Scope): SetValue {
  const [first, second] = node.args.map((arg) => bindSetValue(arg, scope));
  if (node.name === 'if_not_exists') return { read: (item) => first?.read(item) ?? second?.read(item) };
  return {
    read: (item) => {
      const head = expectType(first?.read(item), 'L');
      const tail = expectType(second?.read(item), 'L');
      return head === undefined || tail === undefined ? undefined : appended(head.L, tail.L);
    },
  };
}

/** Lists of lists are put together before anybody sees the item, so what no item can hold is refused at once. */
function appended(head: readonly AttributeValue[], tail: readonly AttributeValue[]): AttributeValue {
  if (head.length + tail.length > ITEM_BYTES_MAX)
    throw new ItemLanguageError('Item size to update has exceeded the maximum allowed size');
  return { L: [...head, ...tail] };
}

/** The value if it is there and of the type. */
export function expectType<T extends AttributeType>(
  value: AttributeValue | undefined,
  type: T,
): Extract<AttributeValue, Readonly<Record<T, unknown>>> | undefined {
  if (value === undefined) return undefined;
  if (!(type in value))
    throw new ItemLanguageError('An operand in the update expression has an incorrect data type');
  return value as Extract<AttributeValue, Readonly<Record<T, unknown>>>;
}

/** Operands of functions and sums: their number, paths where paths are needed, and types that are known already. */
export function checkSetValue(node: SetValueNode, scope: Scope): void {
  if (node.kind === 'arithmetic') return checkOperands(node.operator, [node.left, node.right], 'N', scope);
  if (node.kind !== 'call') return undefined;
  if (node.args.length !== updateFunctions.get(node.name))
    throw invalidExpression(
      scope.kind,
      `Incorrect number of operands for operator or function; operator or function: ${node.name}, number of operands: ${node.args.length}`,
    );
  if (node.name === 'list_append') return checkOperands(node.name, node.args, 'L', scope);
  if (node.args[0]?.kind !== 'path')
    throw invalidExpression(
      scope.kind,
      `Operator or function requires a document path; operator or function: ${node.name}`,
    );
  for (const arg of node.args) checkSetValue(arg, scope);
  return undefined;
}

function checkOperands(
  name: string,
  operands: readonly OperandNode[],
  wanted: AttributeType,
  scope: Scope,
): void {
  for (const operand of operands) {
    checkSetValue(operand, scope);
    const constant = bindConstant(operand, scope);
    if (constant !== undefined && !(wanted in constant))
      throw wrongOperandType(scope.kind, name, typeOf(constant));
  }
}

function bindConstant(operand: OperandNode, scope: Scope): AttributeValue | undefined {
  if (operand.kind === 'literal') return operand.value;
  if (operand.kind === 'value') return placeholderValue(operand.placeholder, scope);
  return operand.kind === 'call' && operand.name === 'list_append' ? { L: [] } : undefined;
}
