// The checks of one comparison or function whose placeholders are known.
import { type AttributeType, attributeTypes, type AttributeValue, typeOf } from '../attribute-value.ts';
import { samePath, showPath } from '../document-path.ts';
import { invalidExpression, type ItemLanguageError } from '../item-language-error.ts';
import type { LeafNode, OperandNode } from '../syntax/tree.ts';
import { compareValues } from '../values/compare.ts';
import { conditionFunctions } from './functions.ts';
import type { Operand, Scope } from './operands.ts';

const IN_OPERANDS_MAX = 100;

const ORDERED: readonly AttributeType[] = ['S', 'N', 'B'];
const SIZED: readonly AttributeType[] = ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'];
const PREFIXED: readonly AttributeType[] = ['S', 'B'];

/** Throws what DynamoDB says about a leaf; `operands` are the leaf's, in their order. */
export function checkLeaf(leaf: LeafNode, operands: readonly Operand[], scope: Scope): void {
  if (leaf.kind === 'call') checkCount(leaf.name, operands.length, scope);
  checkSizes(leaf, operands, scope);
  if (leaf.kind === 'in' && leaf.list.length > IN_OPERANDS_MAX)
    throw problem(
      scope,
      `The IN operator is provided with too many operands; number of operands: ${leaf.list.length}`,
    );
  const operator = nameOf(leaf);
  checkPathsOfFunction(leaf, operands, scope);
  checkDistinct(operator, operands, scope);
  checkTypes(leaf, operands, scope);
  if (leaf.kind === 'between') checkBounds(operands[1]?.constant, operands[2]?.constant, scope);
}

function problem(scope: Scope, text: string): ItemLanguageError {
  return invalidExpression(scope.kind, text);
}

export function nameOf(leaf: LeafNode): string {
  switch (leaf.kind) {
    case 'comparison':
      return leaf.comparator;
    case 'between':
      return 'BETWEEN';
    case 'in':
      return 'IN';
    case 'call':
      return leaf.name;
  }
}

function checkCount(name: string, count: number, scope: Scope): void {
  if (conditionFunctions.get(name)?.operands === count) return;
  throw problem(
    scope,
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  );
}

/** The `size(…)` among a leaf's operands, innermost first. */
function checkSizes(leaf: LeafNode, operands: readonly Operand[], scope: Scope): void {
  const nodes = leaf.kind === 'call' ? leaf.args : nodesFor(leaf);
  for (const [at, node] of nodes.entries()) checkSize(node, operands[at], scope);
}

function nodesFor(leaf: Exclude<LeafNode, { kind: 'call' }>): readonly OperandNode[] {
  if (leaf.kind === 'comparison') return [leaf.left, leaf.right];
  return leaf.kind === 'between' ? [leaf.operand, leaf.low, leaf.high] : [leaf.operand, ...leaf.list];
}

function checkSize(node: OperandNode, operand: Operand | undefined, scope: Scope): void {
  if (node.kind !== 'call') return;
  const [inner] = node.args;
  if (inner !== undefined) checkSize(inner, operand?.size, scope);
  checkCount(node.name, node.args.length, scope);
  refuseType(node.name, operand?.size, SIZED, scope);
}

function refuseType(
  name: string,
  operand: Operand | undefined,
  allowed: readonly AttributeType[],
  scope: Scope,
): void {
  const type = operand?.type;
  if (type !== undefined && !allowed.includes(type)) throw wrongType(name, type, scope);
}

function wrongType(name: string, type: string, scope: Scope): ItemLanguageError {
  return problem(
    scope,
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );
}

const ON_PATHS: ReadonlySet<string> = new Set(['attribute_exists', 'attribute_not_exists']);

function checkPathsOfFunction(leaf: LeafNode, [first]: readonly Operand[], scope: Scope): void {
  if (leaf.kind === 'call' && ON_PATHS.has(leaf.name) && first?.path === undefined)
    throw problem(scope, `Operator or function requires a document path; operator or function: ${leaf.name}`);
}

function checkDistinct(operator: string, [first, ...rest]: readonly Operand[], scope: Scope): void {
  const path = first?.path;
  if (path !== undefined && rest.some((other) => other.path !== undefined && samePath(path, other.path)))
    throw problem(
      scope,
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${showPath(path)}`,
    );
}

function checkTypes(leaf: LeafNode, operands: readonly Operand[], scope: Scope): void {
  const allowed = allowedTypes(leaf);
  if (allowed !== undefined)
    for (const operand of operands) refuseType(nameOf(leaf), operand, allowed, scope);
  if (leaf.kind === 'call' && leaf.name === 'attribute_type') checkTypeName(operands[1], scope);
}

function allowedTypes(leaf: LeafNode): readonly AttributeType[] | undefined {
  if (leaf.kind === 'between') return ORDERED;
  if (leaf.kind === 'comparison')
    return leaf.comparator === '=' || leaf.comparator === '<>' ? undefined : ORDERED;
  return leaf.kind === 'call' && leaf.name === 'begins_with' ? PREFIXED : undefined;
}

const ANY_TYPE = `{${['NS', 'SS', 'L', 'BS', 'N', 'M', 'B', 'BOOL', 'NULL', 'S'].join(',')}}`;
const TYPE_NAMES = `{${['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'].join(',')}}`;

/** The second operand of attribute_type is a placeholder that names a type. */
function checkTypeName(operand: Operand | undefined, scope: Scope): void {
  const { constant } = operand ?? {};
  if (constant === undefined || !('S' in constant))
    throw wrongType('attribute_type', operand?.type ?? ANY_TYPE, scope);
  if (!attributeTypes.some((type) => type === constant.S))
    throw problem(
      scope,
      `Invalid attribute type name found; type: ${constant.S}, valid types: ${TYPE_NAMES}`,
    );
}

function checkBounds(low: AttributeValue | undefined, high: AttributeValue | undefined, scope: Scope): void {
  if (low === undefined || high === undefined) return;
  const order = compareValues(low, high);
  if (order !== undefined && order <= 0) return;
  const rule =
    order === undefined
      ? 'same data type for lower and upper bounds'
      : 'upper bound to be greater than or equal to lower bound';
  throw problem(
    scope,
    `The BETWEEN operator requires ${rule}; lower bound operand: ${showBound(low)}, upper bound operand: ${showBound(high)}`,
  );
}

function showBound(value: AttributeValue): string {
  if ('B' in value)
    return `AttributeValue: {B:java.nio.HeapByteBuffer[pos=0 lim=${value.B.length} cap=${value.B.length}]}`;
  const shown = 'S' in value ? value.S : 'N' in value ? value.N : '';
  return `AttributeValue: {${typeOf(value)}:${shown}}`;
}
