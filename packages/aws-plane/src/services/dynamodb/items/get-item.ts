// GetItem: one item by its key.
import { readUnits } from '@pergola/item-language';
import { onItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { decodeItem } from '../storage/item-record.ts';
import { itemKey } from '../storage/layout.ts';
import { boundGet } from './bound-input.ts';
import { consumedCapacity } from './capacity.ts';
import { defineItemOperation, type GetItemInput } from './item-input.ts';
import { assertScalarKeys, keyOf } from './item-key.ts';
import { dataTable } from './item-write.ts';

export const getItem = defineItemOperation<GetItemInput>({
  name: 'GetItem',
  access: onItems('GetItem'),
  handle(call, input) {
    const { plane } = call;
    const projection = boundGet(plane, input);
    const table = dataTable(plane, tableNameOf(call, input.TableName));
    if (projection) assertScalarKeys(table, projection.paths);
    const key = keyOf(table, input.Key);
    const record = dynamoOf(plane).bytes.get(itemKey(table.prefix, table.schema, key));
    const stored = record && decodeItem(record);
    const units = readUnits(stored?.bytes ?? 0, input.ConsistentRead ? 'strong' : 'eventual');
    const capacity = consumedCapacity(table, new Map([['', units]]), input);
    return {
      ...(stored && { Item: projection ? projection.project(stored.item) : stored.item }),
      ...(capacity && { ConsumedCapacity: capacity }),
    };
  },
});
