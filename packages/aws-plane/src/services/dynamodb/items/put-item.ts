// PutItem: an item in the place of what was under its key.
import { checkItem } from '@pergola/item-language';
import { onItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { boundCondition } from './bound-input.ts';
import { defineItemOperation, type PutItemInput } from './item-input.ts';
import { keyOfItem } from './item-key.ts';
import { dataTable, writeItem } from './item-write.ts';
import { assertReturnValues, writeAnswer } from './write-answer.ts';

export const putItem = defineItemOperation<PutItemInput>({
  name: 'PutItem',
  access: onItems('PutItem'),
  validate: assertReturnValues,
  async handle(call, input) {
    const { plane } = call;
    const item = checkItem(input.Item ?? {});
    const condition = boundCondition(plane, input);
    const at = tableNameOf(call, input.TableName);
    const key = keyOfItem(dataTable(plane, at), item);
    const written = await writeItem(plane, {
      at,
      key,
      condition,
      showOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
      change: () => item,
    });
    const old = input.ReturnValues === 'ALL_OLD' ? written.before?.item : undefined;
    return writeAnswer(written, key, input, old);
  },
});
