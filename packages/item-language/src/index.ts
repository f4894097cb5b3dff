// item-language: DynamoDB's values, expressions and PartiQL. Pure.
export { type AttributeType, type AttributeValue, type Item, typeOf } from './attribute-value.ts';
export type { Condition } from './condition/condition.ts';
export { type ConditionKind, parseCondition } from './condition/parse-condition.ts';
export type { DocumentPath } from './document-path.ts';
export { ExpressionCache } from './expression-cache.ts';
export { type ExpressionKind, ItemKeyError, ItemLanguageError } from './item-language-error.ts';
export type { KeyAttribute, KeyCondition, KeyRange, KeySchema } from './key-condition/key-condition.ts';
export { keyRangeOf } from './key-condition/key-range.ts';
export { parseKeyCondition } from './key-condition/parse-key-condition.ts';
export { legacyProjection } from './legacy/attributes-to-get.ts';
export type { ComparisonOperator, LegacyCondition } from './legacy/legacy-condition.ts';
export { checkConditionalOperator, legacyFilter } from './legacy/legacy-filter.ts';
export { legacyKeyConditions } from './legacy/legacy-key-conditions.ts';
export { type LegacyAttributeUpdate, legacyUpdate } from './legacy/legacy-update.ts';
export { checkParameterStyles, type ParameterStyles } from './legacy/parameter-styles.ts';
export { bindActions, bindColumns, bindWhere } from './partiql/bind-statement.ts';
export { parseStatement } from './partiql/parse-statement.ts';
export type * from './partiql/statement.ts';
export {
  type ReadPlan,
  readPlanOf,
  readTargetOf,
  type WriteTarget,
  writeTargetOf,
} from './partiql/statement-keys.ts';
export { mentionedAttributes, type MentioningKind } from './mentioned-attributes.ts';
export { type PlaceholderMaps, Placeholders } from './placeholders.ts';
export { parseProjection } from './projection/parse-projection.ts';
export { attributesProjection, type Projection } from './projection/projection.ts';
export { javaSetOrder } from './syntax/java-order.ts';
export { parseUpdate } from './update/parse-update.ts';
export type { ConditionNode, PathNode, UpdateAction } from './syntax/tree.ts';
export type { Update } from './update/update.ts';
export { checkItem, checkValue } from './values/check-value.ts';
export { compareValues } from './values/compare.ts';
export {
  ITEM_BYTES_MAX,
  itemBytes,
  type ReadConsistency,
  readUnits,
  writeUnits,
} from './values/item-size.ts';
export { memberOf } from './values/member.ts';
export { keyBytes, keyPrefixBytes } from './values/key-bytes.ts';
