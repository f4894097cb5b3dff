// Document paths with their names looked up, and how a value is found by one.
import type { AttributeValue, Item } from './attribute-value.ts';
import { type ExpressionKind, invalidExpression } from './item-language-error.ts';
import type { Placeholders } from './placeholders.ts';
import type { PathNode } from './syntax/tree.ts';
import { memberOf } from './values/member.ts';

/** Names of members and indexes of elements. The first is the attribute's name. */
export type DocumentPath = readonly [string, ...(string | number)[]];

const LEVELS_MAX = 32;

/** A path with names for its placeholders. Throws when one is not defined, or the path is too deep. */
export function resolvePath(node: PathNode, kind: ExpressionKind, placeholders: Placeholders): DocumentPath {
  if (node.steps.length > LEVELS_MAX)
    throw invalidExpression(
      kind,
      `The document path has too many nesting levels; nesting levels: ${node.steps.length}`,
    );
  const [first, ...rest] = node.steps.map((step) => {
    if (step.kind === 'index') return step.index;
    if (step.kind === 'name') return step.name;
    const name = placeholders.name(step.alias);
    if (name === undefined)
      throw invalidExpression(
        kind,
        `An expression attribute name used in the document path is not defined; attribute name: ${step.alias}`,
      );
    return name;
  });
  return [String(first), ...rest];
}

/** `[a, [1], b]`, as DynamoDB's messages show a path. */
export function showPath(path: DocumentPath): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

export function samePath(left: DocumentPath, right: DocumentPath): boolean {
  return left.length === right.length && left.every((step, at) => step === right[at]);
}

/** The value at the path, if the item has one there. */
export function valueAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  let value = memberOf(item, path[0]);
  for (let at = 1; at < path.length && value !== undefined; at += 1) {
    const step = path[at];
    if (typeof step === 'number') value = 'L' in value ? value.L[step] : undefined;
    else value = step !== undefined && 'M' in value ? memberOf(value.M, step) : undefined;
  }
  return value;
}
