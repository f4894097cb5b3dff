// The door to conditions: text and placeholders in, something to ask of items out.
import type { ExpressionCache } from '../expression-cache.ts';
import type { Placeholders } from '../placeholders.ts';
import { readCondition } from '../syntax/condition-syntax.ts';
import type { ConditionNode } from '../syntax/tree.ts';
import { checkConditionWords } from './check-condition.ts';
import { compileCondition } from './compile-condition.ts';
import type { Condition } from './condition.ts';

export type ConditionKind = 'ConditionExpression' | 'FilterExpression';

/** Parses and binds a ConditionExpression or FilterExpression. Throws `ItemLanguageError`. */
export function parseCondition(
  kind: ConditionKind,
  text: string,
  placeholders: Placeholders,
  cache?: ExpressionCache,
): Condition {
  const read = (): ConditionNode => {
    const node = readCondition(kind, text);
    checkConditionWords(kind, node);
    return node;
  };
  return compileCondition(kind, cache?.get(kind, text, read) ?? read(), placeholders);
}
