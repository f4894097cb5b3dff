// What PutItem, DeleteItem and UpdateItem answer beside the attributes.
import type { Item } from '@pergola/item-language';
import { faults } from '../faults.ts';
import { collectionMetrics, consumedCapacity, type Written, writeUnitsOf } from './capacity.ts';
import type { WriteInput } from './item-input.ts';

export function writeAnswer(
  written: Written,
  key: Item,
  input: WriteInput,
  attributes: Item | undefined,
): object {
  const capacity =
    input.ReturnConsumedCapacity === undefined
      ? undefined
      : consumedCapacity(written.table, writeUnitsOf(written), input);
  const metrics = collectionMetrics(written.table, key, input.ReturnItemCollectionMetrics);
  return {
    ...(attributes && { Attributes: attributes }),
    ...(capacity && { ConsumedCapacity: capacity }),
    ...(metrics && { ItemCollectionMetrics: metrics }),
  };
}

/** Operations that do not update hand out what was there or nothing. */
export function assertReturnValues({ ReturnValues: wanted = 'NONE' }: WriteInput): void {
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD')
    throw faults.validation('ReturnValues can only be ALL_OLD or NONE');
}
