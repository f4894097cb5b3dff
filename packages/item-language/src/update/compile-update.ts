// From an update's tree to one function from item to item.
import { type AttributeType, type AttributeValue, type Item, typeOf } from '../attribute-value.ts';
import { placeholderValue, type Scope } from '../condition/operands.ts';
import { type DocumentPath, resolvePath } from '../document-path.ts';
import { type ExpressionKind, invalidExpression, ItemLanguageError } from '../item-language-error.ts';
import { type PathTree, pathTree } from '../path-tree.ts';
import type { Placeholders } from '../placeholders.ts';
import { projectionOf } from '../projection/projection.ts';
import {
  type LiteralNode,
  nodesOf,
  type UpdateAction,
  type UpdateNode,
  type ValueNode,
} from '../syntax/tree.ts';
import { LEVELS_MAX, levelsOf } from '../values/levels.ts';
import { applyChanges } from './apply-changes.ts';
import { addition, type Change, deletion, removal } from './change.ts';
import { operandsOfValue } from './check-update.ts';
import { bindSetValue, checkSetValue, type SetValue } from './set-value.ts';
import type { Update } from './update.ts';

const KIND = 'UpdateExpression';

/** Binds an update to a request's placeholders. Throws `ItemLanguageError`. */
export function compileUpdate(
  { actions }: Pick<UpdateNode, 'actions'>,
  placeholders: Placeholders,
  kind: ExpressionKind = KIND,
): Update {
  const scope: Scope = { kind, placeholders, paths: [] };
  for (const action of actions) lookUpNames(action, scope);
  for (const action of actions) lookUpValues(action, scope);
  const paths = actions.map((action) => resolvePath(action.path, kind, placeholders));
  pathTree(
    kind,
    paths.map((path) => [path, true] as const),
  );
  for (const action of actions) checkAddAndDelete(action, scope);
  for (const action of actions) if (action.section === 'SET') checkSetValue(action.value, scope);
  return updateOf(
    actions.map((action, at) => ({ path: paths[at] ?? [''], change: bindChange(action, scope) })),
  );
}

/** One place and what is done there: the same for every item, or by a value that is read from it. */
export interface BoundAction {
  readonly path: DocumentPath;
  readonly change: Change | SetValue;
}

/** The update that carries out these actions; their paths do not clash. */
export function updateOf(actions: readonly BoundAction[]): Update {
  const paths = actions.map(({ path }) => path);
  const places = projectionOf(
    pathTree(
      KIND,
      paths.map((path) => [path, true] as const),
    ),
    paths,
  );
  return {
    paths,
    apply: (item) => applyChanges(item, changesFor(item, actions)),
    updatedPart: (item) => places.project(item),
  };
}

/** All values are read, and their types judged, before anything that is missing is complained of. */
function changesFor(item: Item, actions: readonly BoundAction[]): PathTree<Change> {
  let missing = false;
  const changes = actions.map(({ path, change }) => {
    if (typeof change === 'function') return [path, change] as const;
    const value = change.read(item);
    if (value === undefined) missing = true;
    else checkLevels(path, value);
    return [path, () => value] as const;
  });
  if (missing)
    throw new ItemLanguageError(
      'The provided expression refers to an attribute that does not exist in the item',
    );
  return pathTree(KIND, changes);
}

/** A value below others may be too deep there, though it is not by itself. */
function checkLevels(path: DocumentPath, value: AttributeValue): void {
  if (path.length > 1 && path.length - 1 + levelsOf(value) > LEVELS_MAX)
    throw new ItemLanguageError('Nesting Levels have exceeded supported limits');
}

function lookUpNames(action: UpdateAction, scope: Scope): void {
  resolvePath(action.path, scope.kind, scope.placeholders);
  if (action.section !== 'SET') return;
  for (const operand of operandsOfValue(action.value))
    for (const node of nodesOf(operand))
      if (node.kind === 'path') resolvePath(node, scope.kind, scope.placeholders);
}

function lookUpValues(action: UpdateAction, scope: Scope): void {
  if (action.section === 'REMOVE') return;
  for (const operand of operandsOfValue(action.value))
    for (const node of nodesOf(operand)) if (node.kind === 'value') placeholderValue(node.placeholder, scope);
}

const ALLOWED: Readonly<Record<'ADD' | 'DELETE', readonly AttributeType[]>> = {
  ADD: ['N', 'SS', 'NS', 'BS'],
  DELETE: ['SS', 'NS', 'BS'],
};

const LONG_NAMES: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  M: 'MAP',
  L: 'LIST',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
};

function checkAddAndDelete(action: UpdateAction, scope: Scope): void {
  if (action.section !== 'ADD' && action.section !== 'DELETE') return;
  const type = typeOf(operandOf(action.value, scope));
  if (ALLOWED[action.section].includes(type)) return;
  throw invalidExpression(
    scope.kind,
    `Incorrect operand type for operator or function; operator: ${action.section}, operand type: ${LONG_NAMES[type]}, typeSet: ALLOWED_FOR_${action.section}_OPERAND`,
  );
}

function operandOf(node: ValueNode | LiteralNode, scope: Scope): AttributeValue {
  return node.kind === 'literal' ? node.value : placeholderValue(node.placeholder, scope);
}

function bindChange(action: UpdateAction, scope: Scope): Change | SetValue {
  switch (action.section) {
    case 'SET':
      return bindSetValue(action.value, scope);
    case 'REMOVE':
      return removal;
    case 'ADD':
      return addition(operandOf(action.value, scope));
    case 'DELETE':
      return deletion(operandOf(action.value, scope));
  }
}
