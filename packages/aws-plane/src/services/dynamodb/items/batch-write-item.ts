// BatchWriteItem: up to 25 puts and deletes, each a write of its own. None begins before all are found to be right.
import { checkItem, type Item } from '@pergola/item-language';
import type { Call } from '../../../call.ts';
import { checkOnItems } from '../access.ts';
import { type TableName, tableNameOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { itemKey } from '../storage/layout.ts';
import type { Table } from '../tables/table.ts';
import { collectionMetrics, consumedCapacity, sumUnits, type Written, writeUnitsOf } from './capacity.ts';
import { defineItemOperation, type RawItem, type Reporting } from './item-input.ts';
import { assertStorable, keyOf, keyOfItem } from './item-key.ts';
import { dataTable, writeItem } from './item-write.ts';

interface WriteRequest {
  readonly PutRequest?: { readonly Item?: RawItem | undefined } | undefined;
  readonly DeleteRequest?: { readonly Key?: RawItem | undefined } | undefined;
}

interface BatchWriteItemInput extends Reporting {
  readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[]>> | undefined;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE' | undefined;
}

const WRITES_MAX = 25;

interface Prepared {
  readonly name: string;
  readonly at: TableName;
  readonly table: Table;
  readonly key: Item;
  /** Undefined for a delete. */
  readonly item: Item | undefined;
}

export const batchWriteItem = defineItemOperation<BatchWriteItemInput>({
  name: 'BatchWriteItem',
  access: {
    iam: (input, call) =>
      Object.entries(input.RequestItems ?? {}).map(([name, requests]) => {
        const keys = requests.map(({ PutRequest: put, DeleteRequest: gone }) => put?.Item ?? gone?.Key ?? {});
        return checkOnItems(call, 'BatchWriteItem', tableNameOf(call, name), { Keys: keys });
      }),
  },
  async handle(call, input) {
    const { plane } = call;
    const prepared = prepare(call, input.RequestItems ?? {});
    const written = await Promise.all(
      prepared.map(async ({ at, key, item, name }) => ({
        name,
        key,
        written: await writeItem(plane, { at, key, change: () => item }),
      })),
    );
    return answer(input, written);
  },
});

function prepare(
  call: Call,
  requests: Readonly<Record<string, readonly WriteRequest[]>>,
): readonly Prepared[] {
  const all = Object.entries(requests).flatMap(([name, writes]) => writes.map((write) => ({ name, write })));
  if (all.length > WRITES_MAX)
    throw faults.validation('Too many items requested for the BatchWriteItem call');
  const seen = new Set<string>();
  return all.map(({ name, write }) => {
    const one = prepareOne(call, name, write);
    const place = itemKey(one.table.prefix, one.table.schema, one.key).toString('latin1');
    if (seen.has(place)) throw faults.validation('Provided list of item keys contains duplicates');
    seen.add(place);
    return one;
  });
}

function prepareOne(
  call: Call,
  name: string,
  { PutRequest: put, DeleteRequest: gone }: WriteRequest,
): Prepared {
  if ((put === undefined) === (gone === undefined))
    throw faults.validation(
      put
        ? 'Supplied WriteRequest has more than one of PutRequest and DeleteRequest set, must contain exactly one'
        : 'Supplied WriteRequest is empty, must contain exactly one of PutRequest and DeleteRequest',
    );
  const at = tableNameOf(call, name);
  const item = put && checkItem(put.Item ?? {});
  const table = dataTable(call.plane, at);
  if (!item) return { name, at, table, key: keyOf(table, gone?.Key), item: undefined };
  const key = keyOfItem(table, item);
  assertStorable(table, item);
  return { name, at, table, key, item };
}

interface Done {
  readonly name: string;
  readonly key: Item;
  readonly written: Written;
}

function answer(input: BatchWriteItemInput, done: readonly Done[]): object {
  const byTable = grouped(done);
  const capacities: object[] = [];
  const metrics = new Map<string, object[]>();
  for (const [name, writes] of byTable) {
    const [first] = writes;
    if (!first) continue;
    const { table } = first.written;
    if (input.ReturnConsumedCapacity !== undefined) {
      const units = sumUnits(writes.map(({ written }) => writeUnitsOf(written)));
      const capacity = consumedCapacity(table, units, input);
      if (capacity) capacities.push(capacity);
    }
    const sizes = writes.flatMap(
      ({ key }) => collectionMetrics(table, key, input.ReturnItemCollectionMetrics) ?? [],
    );
    if (sizes.length > 0) metrics.set(name, sizes);
  }
  return {
    UnprocessedItems: {},
    ...(capacities.length > 0 && { ConsumedCapacity: capacities }),
    ...(metrics.size > 0 && { ItemCollectionMetrics: Object.fromEntries(metrics) }),
  };
}

function grouped(done: readonly Done[]): Map<string, Done[]> {
  const groups = new Map<string, Done[]>();
  for (const one of done) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  return groups;
}
