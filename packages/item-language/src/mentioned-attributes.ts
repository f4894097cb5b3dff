// The attributes that an expression mentions: what a policy may look at before anything is read or written.
import { conditionTree } from './condition/condition-tree.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { ExpressionKind } from './item-language-error.ts';
import { projectionTree } from './projection/parse-projection.ts';
import { leavesOf, nodesOf, type OperandNode, operandsOf } from './syntax/tree.ts';
import { operandsOfAction } from './update/check-update.ts';
import { updateTree } from './update/parse-update.ts';

/** Expressions of the requests that read and write items. */
export type MentioningKind = Exclude<ExpressionKind, 'Statement'>;

/**
 * The names at the heads of an expression's paths. A placeholder that `names` does not have stands for itself: the
 * request is refused later. Throws `ItemLanguageError` when the text cannot be read.
 */
export function mentionedAttributes(
  kind: MentioningKind,
  text: string,
  names: Readonly<Record<string, string>> = {},
  cache?: ExpressionCache,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const operand of operandsIn(kind, text, cache))
    for (const node of nodesOf(operand)) {
      const head = node.kind === 'path' ? node.steps[0] : undefined;
      if (head?.kind === 'name') found.add(head.name);
      else if (head?.kind === 'alias') found.add(nameFor(head.alias, names));
    }
  return found;
}

function nameFor(alias: string, names: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(names, alias) ? names[alias] : undefined) ?? alias;
}

function operandsIn(
  kind: MentioningKind,
  text: string,
  cache: ExpressionCache | undefined,
): readonly OperandNode[] {
  if (kind === 'ProjectionExpression') return projectionTree(text, cache);
  if (kind === 'UpdateExpression') return updateTree(text, cache).actions.flatMap(operandsOfAction);
  return leavesOf(conditionTree(kind, text, cache)).flatMap(operandsOf);
}
