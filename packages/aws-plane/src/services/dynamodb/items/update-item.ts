// UpdateItem: parts of an item, which is made when there is none.
import type { Item, Update } from '@pergola/item-language';
import { onItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { faults } from '../faults.ts';
import type { Table } from '../tables/table.ts';
import { boundUpdate } from './bound-input.ts';
import type { Written } from './capacity.ts';
import { defineItemOperation, type UpdateItemInput } from './item-input.ts';
import { keyOf } from './item-key.ts';
import { dataTable, writeItem } from './item-write.ts';
import { writeAnswer } from './write-answer.ts';

export const updateItem = defineItemOperation<UpdateItemInput>({
  name: 'UpdateItem',
  access: onItems('UpdateItem'),
  async handle(call, input) {
    const { plane } = call;
    const { update, condition } = boundUpdate(plane, input);
    const at = tableNameOf(call, input.TableName);
    const table = dataTable(plane, at);
    const key = keyOf(table, input.Key);
    if (update) assertKeysUntouched(table, update);
    const written = await writeItem(plane, {
      at,
      key,
      condition,
      showOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
      change: (before = key) => (update ? update.apply(before) : before),
      tooLarge: faults.updatedItemTooLarge,
    });
    return writeAnswer(written, key, input, returned(written, update, input.ReturnValues));
  },
});

/** Keys never change: an item with another key is another item. */
export function assertKeysUntouched({ keyNames }: Table, update: Update): void {
  const touched = update.paths.find(([name]) => keyNames.includes(name));
  if (touched)
    throw faults.invalid(`Cannot update attribute ${touched[0]}. This attribute is part of the key`);
}

/** What ReturnValues asks for; nothing when it would be empty. */
export function returned(
  { before, after }: Written,
  update: Update | undefined,
  wanted: UpdateItemInput['ReturnValues'],
): Item | undefined {
  switch (wanted) {
    case 'ALL_OLD':
      return before?.item;
    case 'ALL_NEW':
      return after?.item;
    case 'UPDATED_OLD':
      return before && update && filled(update.updatedPart(before.item));
    case 'UPDATED_NEW':
      return after && update && filled(update.updatedPart(after.item));
    default:
      return undefined;
  }
}

function filled(item: Item): Item | undefined {
  return Object.keys(item).length > 0 ? item : undefined;
}
