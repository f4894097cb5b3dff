// Conditions as trees, read once for each text.
import type { ExpressionCache } from '../expression-cache.ts';
import type { ExpressionKind } from '../item-language-error.ts';
import { readCondition } from '../syntax/condition-syntax.ts';
import type { ConditionNode } from '../syntax/tree.ts';
import { checkConditionWords } from './check-condition.ts';

/** The tree of a condition, with all checks that need no placeholders. Throws `ItemLanguageError`. */
export function conditionTree(kind: ExpressionKind, text: string, cache?: ExpressionCache): ConditionNode {
  const read = (): ConditionNode => {
    const node = readCondition(kind, text);
    checkConditionWords(kind, node);
    return node;
  };
  return cache?.get(kind, text, read) ?? read();
}
