// The door to conditions: text and placeholders in, something to ask of items out.
import type { ExpressionCache } from '../expression-cache.ts';
import type { Placeholders } from '../placeholders.ts';
import { compileCondition } from './compile-condition.ts';
import { conditionTree } from './condition-tree.ts';
import type { Condition } from './condition.ts';

export type ConditionKind = 'ConditionExpression' | 'FilterExpression';

/** Parses and binds a ConditionExpression or FilterExpression. Throws `ItemLanguageError`. */
export function parseCondition(
  kind: ConditionKind,
  text: string,
  placeholders: Placeholders,
  cache?: ExpressionCache,
): Condition {
  return compileCondition(kind, conditionTree(kind, text, cache), placeholders);
}
