// The actions of TransactWriteItems: first what each says by itself, then what it says about its table.
import { checkItem, type Condition, type Item, itemBytes, type Update } from '@pergola/item-language';
import type { Call } from '../../../call.ts';
import { type TableName, tableNameOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { boundCondition, boundUpdate } from '../items/bound-input.ts';
import type { ConditionInput, RawItem, TableInput } from '../items/item-input.ts';
import { keyOf, keyOfItem } from '../items/item-key.ts';
import { dataTable, type ItemWrite } from '../items/item-write.ts';
import { assertKeysUntouched } from '../items/update-item.ts';
import type { Table } from '../tables/table.ts';
import type { TransactWriteItem } from './transact-input.ts';

type Action = 'ConditionCheck' | 'Put' | 'Delete' | 'Update';

/** An action whose expressions and values are in order. */
export interface ReadAction {
  readonly action: Action;
  readonly at: TableName;
  readonly input: TableInput & ConditionInput & { readonly Key?: RawItem | undefined };
  readonly condition: Condition | undefined;
  /** Of a Put. */
  readonly item?: Item | undefined;
  /** Of an Update. */
  readonly update?: Update | undefined;
  /** What the action brings, for the limit of a transaction. */
  readonly bytes: number;
}

const ACTIONS: readonly Action[] = ['ConditionCheck', 'Put', 'Delete', 'Update'];

/** The one action that an item of the request has. */
export function actionOf(item: TransactWriteItem): Action {
  const [action, ...others] = ACTIONS.filter((name) => item[name] !== undefined);
  if (action === undefined || others.length > 0)
    throw faults.validation('TransactItems can only contain one of Check, Put, Update or Delete');
  return action;
}

/** Reads an action. Throws AwsFault, ItemLanguageError: they are about the whole request. */
export function readAction(call: Call, request: TransactWriteItem): ReadAction {
  const action = actionOf(request);
  const { Put: put, Update: update } = request;
  const input = put ?? update ?? request.Delete ?? request.ConditionCheck ?? {};
  const at = tableNameOf(call, input.TableName);
  const values = input.ExpressionAttributeValues;
  const brought = itemBytes(checkItem(values ?? {}));
  if (put) {
    const item = checkItem(put.Item ?? {});
    const condition = boundCondition(call.plane, put);
    return { action, at, input, condition, item, bytes: brought + itemBytes(item) };
  }
  const key = checkItem(('Key' in input ? input.Key : undefined) ?? {});
  const bound = update
    ? boundUpdate(call.plane, update)
    : { update: undefined, condition: boundCondition(call.plane, input) };
  return { action, at, input, ...bound, bytes: brought + itemBytes(key) };
}

export interface PlannedWrite {
  readonly table: Table;
  readonly write: ItemWrite;
}

/** An action with its table. Throws AwsFault: for a failure of the key, the transaction is cancelled. */
export function planWrite(table: Table, read: ReadAction): PlannedWrite {
  const { action, at, input, condition, item, update } = read;
  const key = item ? keyOfItem(table, item) : keyOf(table, input.Key);
  if (update) assertKeysUntouched(table, update);
  const showOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const changes: Readonly<Record<Action, ItemWrite['change']>> = {
    ConditionCheck: (before) => before,
    Put: () => item,
    Delete: () => undefined,
    Update: (before = key) => (update ? update.apply(before) : before),
  };
  const tooLarge = action === 'Update' ? faults.updatedItemTooLarge : undefined;
  return { table, write: { at, key, condition, showOnFailure, change: changes[action], tooLarge } };
}

/** All actions with their tables, or ResourceNotFoundException. */
export function locate(
  call: Call,
  actions: readonly ReadAction[],
): readonly { readonly table: Table; readonly action: ReadAction }[] {
  return actions.map((action) => ({ table: dataTable(call.plane, action.at), action }));
}
