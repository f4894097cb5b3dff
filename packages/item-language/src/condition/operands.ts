// Operands with their placeholders looked up: what is known of them before any item is seen, and how they find their
// value in one.
import { type AttributeType, type AttributeValue, type Item, typeOf } from '../attribute-value.ts';
import { type DocumentPath, resolvePath, valueAt } from '../document-path.ts';
import { type ExpressionKind, invalidExpression } from '../item-language-error.ts';
import type { Placeholders } from '../placeholders.ts';
import type { OperandNode } from '../syntax/tree.ts';
import { memberOf } from '../values/member.ts';

export interface Operand {
  /** Undefined when the item has nothing there. */
  read(item: Item): AttributeValue | undefined;
  /** When it is a document path. */
  readonly path?: DocumentPath;
  /** When it is the same for every item. */
  readonly constant?: AttributeValue;
  /** The type that it has in any case; a path may have any. */
  readonly type?: AttributeType;
  readonly size?: Operand;
}

/** What an expression is bound to: its kind for messages, the placeholders, and where its paths are noted. */
export interface Scope {
  readonly kind: ExpressionKind;
  readonly placeholders: Placeholders;
  readonly paths: DocumentPath[];
}

/** Looks up an operand's placeholders. A function's operands are not checked yet. */
export function bindOperand(node: OperandNode, scope: Scope): Operand {
  switch (node.kind) {
    case 'path':
      return pathOperand(resolvePath(node, scope.kind, scope.placeholders), scope);
    case 'value':
      return constantOperand(placeholderValue(node.placeholder, scope));
    case 'literal':
      return constantOperand(node.value);
    case 'call':
      return sizeOperand(node.args.map((arg) => bindOperand(arg, scope)));
  }
}

export function placeholderValue(placeholder: string, scope: Scope): AttributeValue {
  const value = scope.placeholders.value(placeholder);
  if (value !== undefined) return value;
  throw invalidExpression(
    scope.kind,
    `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
  );
}

function pathOperand(path: DocumentPath, scope: Scope): Operand {
  scope.paths.push(path);
  const [name] = path;
  if (path.length === 1) return { path, read: (item) => memberOf(item, name) };
  return { path, read: (item) => valueAt(item, path) };
}

function constantOperand(constant: AttributeValue): Operand {
  return { constant, type: typeOf(constant), read: () => constant };
}

/** `size(…)`, the only function that stands for a value. */
function sizeOperand(operands: readonly Operand[]): Operand {
  const [measured] = operands;
  return {
    type: 'N',
    ...(measured === undefined ? {} : { size: measured }),
    read: (item) => {
      const value = measured?.read(item);
      const size = value === undefined ? undefined : sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    },
  };
}

/** Characters, bytes, or members; numbers, booleans and nulls have no size. */
function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return value.B.length;
  if ('M' in value) return Object.keys(value.M).length;
  if ('L' in value) return value.L.length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  return 'BS' in value ? value.BS.length : undefined;
}
