// Several writes of different items, all of them or none.
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import type { Written } from '../items/capacity.ts';
import { type ItemWrite, writeWithin } from '../items/item-write.ts';
import { itemKey } from '../storage/layout.ts';
import type { Table } from '../tables/table.ts';
import { allOrNone } from './cancellation.ts';
import { isRepeated, keepToken, type RequestToken } from './request-token.ts';

/** Undefined when the token says that the request was carried out before: nothing is done again. */
export function runWrites(
  plane: PlaneContext,
  writes: readonly ItemWrite[],
  token: RequestToken | undefined,
): Promise<readonly Written[] | undefined> {
  const { bytes } = dynamoOf(plane);
  return bytes.transact((tx) => {
    if (token && isRepeated(tx, token)) return undefined;
    // What the others wrote before one fails is dropped with the transaction.
    const written = allOrNone(writes, (write) => writeWithin(tx, plane, write));
    if (token) keepToken(bytes, tx, token);
    return written;
  });
}

/** An item may be the target of one action only. */
export function assertDistinct(
  targets: readonly { readonly table: Table; readonly key: ItemWrite['key'] }[],
): void {
  const keys = targets.map(({ table, key }) => itemKey(table.prefix, table.schema, key).toString('latin1'));
  if (new Set(keys).size < keys.length)
    throw faults.validation('Transaction request cannot include multiple operations on one item');
}
