// Query: the items of one partition of a table or index, in the order of their sort keys.
import {
  checkParameterStyles,
  type Condition,
  type KeyCondition,
  keyRangeOf,
  legacyKeyConditions,
  type ParameterStyles,
  parseKeyCondition,
  type Placeholders,
} from '@pergola/item-language';
import type { PlaneContext } from '../../../plane-context.ts';
import { onItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { placeholdersOf, projectionOf } from '../items/bound-input.ts';
import { defineItemOperation, type QueryInput } from '../items/item-input.ts';
import { assertScalarKeys } from '../items/item-key.ts';
import { dataTable } from '../items/item-write.ts';
import { boundsOf, continued } from './key-bounds.ts';
import { readPage } from './page.ts';
import { filterOf, readAnswer } from './read-answer.ts';
import { assertProjected, assertSelect, selectionOf } from './selection.ts';
import { type Source, sourceOf, startKeyOf } from './source.ts';

const STYLES: ParameterStyles = {
  expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
};

export const query = defineItemOperation<QueryInput>({
  name: 'Query',
  access: onItems('Query'),
  handle(call, input) {
    const { plane } = call;
    checkParameterStyles(input, STYLES);
    assertSelect(input, 'Querying');
    const placeholders = placeholdersOf(input);
    const filter = filterOf(plane, input, { placeholders, legacy: input.QueryFilter });
    const projection = projectionOf(plane, input, placeholders);
    const conditions = conditionsOf(plane, input, placeholders);
    placeholders.checkAllUsed();
    const table = dataTable(plane, tableNameOf(call, input.TableName));
    const source = sourceOf(table, input.IndexName, input.ConsistentRead);
    const range = keyRangeOf(conditions, source.schema);
    assertNoKeys(source, filter, input);
    if (filter) assertProjected(source, filter);
    assertScalarKeys(source, [...(filter?.paths ?? []), ...(projection?.paths ?? [])]);
    const reverse = input.ScanIndexForward === false;
    const whole = boundsOf(source, range);
    const { ExclusiveStartKey: start } = input;
    const bounds = start ? continued(whole, startKeyOf(source, start), reverse) : whole;
    const page = readPage(dynamoOf(plane).bytes, {
      source,
      ...bounds,
      reverse,
      limit: input.Limit ?? Number.POSITIVE_INFINITY,
      filter,
      ...selectionOf(source, input, projection),
      consistent: input.ConsistentRead === true,
    });
    return readAnswer(source, input, page);
  },
});

function conditionsOf(
  plane: PlaneContext,
  input: QueryInput,
  placeholders: Placeholders,
): readonly KeyCondition[] {
  const { KeyConditionExpression: text, KeyConditions: legacy } = input;
  if (text !== undefined) return parseKeyCondition(text, placeholders, dynamoOf(plane).expressions);
  if (legacy) return legacyKeyConditions(legacy);
  throw faults.validation(
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  );
}

/** What is asked of keys belongs to the key condition. */
function assertNoKeys({ schema }: Source, filter: Condition | undefined, input: QueryInput): void {
  const keys = [schema.partition.name, schema.sort?.name];
  const found = filter?.paths.find(([name]) => keys.includes(name));
  if (!found) return;
  const what = input.QueryFilter ? 'QueryFilter' : 'Filter Expression';
  throw faults.validation(
    `${what} can only contain non-primary key attributes: Primary key attribute: ${found[0]}`,
  );
}
