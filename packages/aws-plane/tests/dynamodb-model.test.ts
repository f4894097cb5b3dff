// Any writes, held against a table that is a Map: by key, by indexes, forwards and backwards, in pages, and its sizes.
import {
  type AttributeValue,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  paginateQuery,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
let tables = 0;
beforeAll(async () => {
  plane = await startDynamoPlane();
  client = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

const text = fc.constantFrom('', 'a', 'ab', 'b', '\0', 'a\0', 'ä', '😀', 'z'.repeat(40));
const key = fc.record({ pk: fc.constantFrom('p', 'q'), sk: text.filter((value) => value !== '') });
const write = fc.record({
  key,
  gone: fc.boolean(),
  rank: fc.option(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(1.5, -0.25, 1e20))),
  bytes: fc.option(fc.uint8Array({ maxLength: 4 })),
});

type Item = Record<string, AttributeValue>;

async function queried(
  TableName: string,
  attribute: string,
  value: AttributeValue,
  more: object,
): Promise<Item[]> {
  const found: Item[] = [];
  const input = {
    TableName,
    KeyConditionExpression: `${attribute} = :v`,
    ExpressionAttributeValues: { ':v': value },
    ...more,
  };
  for await (const page of paginateQuery({ client, pageSize: 3 }, input)) found.push(...(page.Items ?? []));
  return found;
}

const bytesOf = (value: string | undefined) => Buffer.from(value ?? '');
const bySort = (left: Item, right: Item) => bytesOf(left['sk']?.S).compare(bytesOf(right['sk']?.S));
const rankOf = (item: Item) => Number(item['rank']?.N);

it('behaves as a map with sorted views', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 40 }), async (writes) => {
      const TableName = `model-${tables++}`;
      await makeTable(client, TableName, {
        sort: true,
        attributes: [{ AttributeName: 'rank', AttributeType: 'N' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'ranked',
            KeySchema: [
              { AttributeName: 'pk', KeyType: 'HASH' },
              { AttributeName: 'rank', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      });
      const model = new Map<string, Item>();
      for (const { key: place, gone, rank, bytes } of writes) {
        const Key: Item = { pk: { S: place.pk }, sk: { S: place.sk } };
        const name = `${place.pk} ${place.sk}`;
        if (gone) {
          model.delete(name);
          await client.send(new DeleteItemCommand({ TableName, Key }));
          continue;
        }
        const Item: Item = {
          ...Key,
          ...(rank !== null && {
            rank: { N: BigInt(Math.trunc(rank)) === BigInt(1e20) ? '1E20' : String(rank) },
          }),
          ...(bytes !== null && { bytes: { B: bytes } }),
        };
        model.set(name, Item);
        await client.send(new PutItemCommand({ TableName, Item }));
      }
      for (const pk of ['p', 'q']) {
        const own = [...model.values()].filter((item) => item['pk']?.S === pk).sort(bySort);
        const sorts = (items: readonly Item[]) => items.map((item) => item['sk']?.S);
        const forwards = await queried(TableName, 'pk', { S: pk }, {});
        expect(sorts(forwards)).toEqual(sorts(own));
        const backwards = await queried(TableName, 'pk', { S: pk }, { ScanIndexForward: false });
        expect(sorts(backwards)).toEqual(sorts(own.toReversed()));
        const ranked = await queried(TableName, 'pk', { S: pk }, { IndexName: 'ranked' });
        const expected = own.filter((item) => item['rank']);
        expect(ranked.map(rankOf)).toEqual(expected.map(rankOf).sort((left, right) => left - right));
        expect(new Set(sorts(ranked))).toEqual(new Set(sorts(expected)));
      }
      const { Count } = await client.send(new ScanCommand({ TableName, Select: 'COUNT' }));
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      const withRank = [...model.values()].filter((item) => item['rank']).length;
      expect([Count, Table?.ItemCount, Table?.GlobalSecondaryIndexes?.[0]?.ItemCount]).toEqual([
        model.size,
        model.size,
        withRank,
      ]);
      if (model.size === 0) expect(Table?.TableSizeBytes).toBe(0);
    }),
    { numRuns: 12 },
  );
});
