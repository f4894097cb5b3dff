// DeleteItem: no item under a key any more.
import { onItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { boundCondition } from './bound-input.ts';
import { defineItemOperation, type DeleteItemInput } from './item-input.ts';
import { keyOf } from './item-key.ts';
import { dataTable, writeItem } from './item-write.ts';
import { assertReturnValues, writeAnswer } from './write-answer.ts';

export const deleteItem = defineItemOperation<DeleteItemInput>({
  name: 'DeleteItem',
  access: onItems('DeleteItem'),
  validate: assertReturnValues,
  async handle(call, input) {
    const { plane } = call;
    const condition = boundCondition(plane, input);
    const at = tableNameOf(call, input.TableName);
    const key = keyOf(dataTable(plane, at), input.Key);
    const written = await writeItem(plane, {
      at,
      key,
      condition,
      showOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
      change: () => undefined,
    });
    const old = input.ReturnValues === 'ALL_OLD' ? written.before?.item : undefined;
    return writeAnswer(written, key, input, old);
  },
});
