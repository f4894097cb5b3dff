// TransactWriteItems: up to 100 writes and checks of different items, all of them or none.
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { checkOnItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { defineItemOperation } from '../items/item-input.ts';
import { untilFirstFailure } from './cancellation.ts';
import { actionOf, locate, planWrite, readAction } from './planned-write.ts';
import { requestTokenOf } from './request-token.ts';
import { assertDistinct, runWrites } from './run-writes.ts';
import type { TransactWriteItem, TransactWriteItemsInput } from './transact-input.ts';
import {
  TRANSACTION_BYTES_MAX,
  transactionCapacity,
  transactionMetrics,
  writtenUnits,
} from './transaction-capacity.ts';

const IAM_ACTIONS = {
  ConditionCheck: 'ConditionCheckItem',
  Put: 'PutItem',
  Delete: 'DeleteItem',
  Update: 'UpdateItem',
} as const;

export const transactWriteItems = defineItemOperation<TransactWriteItemsInput>({
  name: 'TransactWriteItems',
  access: { iam: ({ TransactItems: items = [] }, call) => items.map((item) => checkFor(call, item)) },
  async handle(call, input) {
    const { TransactItems: items = [], ClientRequestToken: token } = input;
    const actions = items.map((item) => readAction(call, item));
    if (actions.reduce((sum, { bytes }) => sum + bytes, 0) > TRANSACTION_BYTES_MAX)
      throw faults.validation('Transaction payload size cannot exceed 4 MB');
    const located = locate(call, actions);
    const planned = untilFirstFailure(located, ({ table, action }) => planWrite(table, action));
    assertDistinct(planned.map(({ table, write: { key } }) => ({ table, key })));
    const written = await runWrites(
      call.plane,
      planned.map(({ write }) => write),
      token === undefined ? undefined : requestTokenOf(call, token, items),
    );
    const capacity = transactionCapacity(writtenUnits(written ?? []), input, 'Write');
    const metrics = transactionMetrics(written ?? [], input.ReturnItemCollectionMetrics);
    return {
      ...(capacity && { ConsumedCapacity: capacity }),
      ...(metrics && { ItemCollectionMetrics: metrics }),
    };
  },
});

/** Each action needs the right that it would need by itself. */
function checkFor(call: Call, item: TransactWriteItem): AccessCheck {
  const action = actionOf(item);
  const input = item[action] ?? {};
  const check = checkOnItems(call, IAM_ACTIONS[action], tableNameOf(call, input.TableName), input);
  return { ...check, context: { ...check.context, 'dynamodb:EnclosingOperation': 'TransactWriteItems' } };
}
