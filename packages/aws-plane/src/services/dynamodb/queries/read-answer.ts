// What Query and Scan answer, and the filters that they have in common.
import {
  type Condition,
  legacyFilter,
  type LegacyCondition,
  parseCondition,
  type Placeholders,
} from '@pergola/item-language';
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { consumedCapacity } from '../items/capacity.ts';
import type { ReadInput } from '../items/item-input.ts';
import type { Page } from './page.ts';
import type { Source } from './source.ts';

export function readAnswer({ table }: Source, input: ReadInput, page: Page): object {
  const capacity = consumedCapacity(table, page.units, input);
  return {
    ...(input.Select !== 'COUNT' && { Items: page.items }),
    Count: page.count,
    ScannedCount: page.scanned,
    ...(page.lastKey && { LastEvaluatedKey: page.lastKey }),
    ...(capacity && { ConsumedCapacity: capacity }),
  };
}

type LegacyFilter = Readonly<Record<string, LegacyCondition>>;

export function filterOf(
  plane: PlaneContext,
  input: ReadInput,
  {
    placeholders,
    legacy,
  }: { readonly placeholders: Placeholders; readonly legacy: LegacyFilter | undefined },
): Condition | undefined {
  const { FilterExpression: text, ConditionalOperator: operator } = input;
  if (text !== undefined)
    return parseCondition('FilterExpression', text, placeholders, dynamoOf(plane).expressions);
  return legacy && Object.keys(legacy).length > 0 ? legacyFilter(legacy, operator) : undefined;
}
