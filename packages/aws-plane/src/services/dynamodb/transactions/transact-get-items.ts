// TransactGetItems: up to 100 items as they are at one moment.
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { checkOnItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { boundGet } from '../items/bound-input.ts';
import { defineItemOperation } from '../items/item-input.ts';
import { assertScalarKeys, keyOf } from '../items/item-key.ts';
import { dataTable } from '../items/item-write.ts';
import { decodeItem } from '../storage/item-record.ts';
import { itemKey } from '../storage/layout.ts';
import { untilFirstFailure } from './cancellation.ts';
import { assertDistinct } from './run-writes.ts';
import type { TransactGet, TransactGetItemsInput } from './transact-input.ts';
import { assertTogether, transactionalRead, transactionCapacity } from './transaction-capacity.ts';

export const transactGetItems = defineItemOperation<TransactGetItemsInput>({
  name: 'TransactGetItems',
  access: {
    iam: ({ TransactItems: items = [] }, call) => items.map(({ Get: get = {} }) => checkFor(call, get)),
  },
  handle(call, input) {
    const { plane } = call;
    const gets = (input.TransactItems ?? []).map(({ Get: get = {} }) => ({
      get,
      at: tableNameOf(call, get.TableName),
      projection: boundGet(plane, get),
    }));
    const located = gets.map((one) => ({ ...one, table: dataTable(plane, one.at) }));
    const keyed = untilFirstFailure(located, (one) => {
      assertScalarKeys(one.table, one.projection?.paths ?? []);
      return { ...one, key: keyOf(one.table, one.get.Key) };
    });
    assertDistinct(keyed);
    // Read in one turn of the event loop: nothing is written in between.
    const { bytes } = dynamoOf(plane);
    const found = keyed.map(({ table, key, projection }) => {
      const record = bytes.get(itemKey(table.prefix, table.schema, key));
      const stored = record && decodeItem(record);
      return { used: transactionalRead(table, stored?.bytes ?? 0), stored, projection };
    });
    assertTogether(found.map(({ stored }) => stored));
    const capacity = transactionCapacity(
      found.map(({ used }) => used),
      input,
      'Read',
    );
    return {
      Responses: found.map(({ stored, projection }) =>
        stored ? { Item: projection ? projection.project(stored.item) : stored.item } : {},
      ),
      ...(capacity && { ConsumedCapacity: capacity }),
    };
  },
});

function checkFor(call: Call, get: TransactGet): AccessCheck {
  const check = checkOnItems(call, 'GetItem', tableNameOf(call, get.TableName), get);
  return { ...check, context: { ...check.context, 'dynamodb:EnclosingOperation': 'TransactGetItems' } };
}
