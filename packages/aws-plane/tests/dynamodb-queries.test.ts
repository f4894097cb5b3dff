import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  paginateScan,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactGetItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { refusalOf } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
const TableName = 'orders';
beforeAll(async () => {
  plane = await startDynamoPlane();
  client = plane.client();
  await makeTable(client, TableName, {
    sort: true,
    attributes: [
      { AttributeName: 'state', AttributeType: 'S' },
      { AttributeName: 'price', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-state',
        KeySchema: [
          { AttributeName: 'state', KeyType: 'HASH' },
          { AttributeName: 'price', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-price',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'price', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state'] },
      },
    ],
  });
  for (const who of ['ann', 'bob'])
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: Array.from({ length: 12 }, (_, at) => ({
            PutRequest: {
              Item: {
                pk: { S: who },
                sk: { S: `order-${String(at).padStart(2, '0')}` },
                price: { N: String((at * 7) % 12) },
                note: { S: 'n'.repeat(at) },
                ...(at % 2 === 0 && { state: { S: 'open' } }),
              },
            },
          })),
        },
      }),
    );
});
afterAll(() => plane[Symbol.asyncDispose]());

const ask = (input: Partial<QueryCommandInput>) =>
  client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'ann' }, ...input.ExpressionAttributeValues },
      ...Object.fromEntries(Object.entries(input).filter(([name]) => name !== 'ExpressionAttributeValues')),
    }),
  );
const sorts = (answer: { Items?: Record<string, { S?: string }>[] }) =>
  (answer.Items ?? []).map((item) => item['sk']?.S?.slice(6));

describe('queries', () => {
  it('read a partition in the order of the sort key, forwards and backwards', async () => {
    const all = await ask({});
    expect(all).toMatchObject({ Count: 12, ScannedCount: 12 });
    expect(all.LastEvaluatedKey).toBeUndefined();
    const ascending = Array.from({ length: 12 }, (_, at) => String(at).padStart(2, '0'));
    expect(sorts(all as never)).toEqual(ascending);
    expect(sorts((await ask({ ScanIndexForward: false })) as never)).toEqual(ascending.toReversed());
  });

  it.each([
    ['sk = :a', ['03']],
    ['sk < :a', ['00', '01', '02']],
    ['sk <= :a', ['00', '01', '02', '03']],
    ['sk > :b', ['11']],
    ['sk >= :b', ['10', '11']],
    ['sk BETWEEN :a AND :b', ['03', '04', '05', '06', '07', '08', '09', '10']],
    ['begins_with(sk, :c)', ['10', '11']],
  ])('select by %s', async (condition, expected) => {
    const values = { ':a': 'order-03', ':b': 'order-10', ':c': 'order-1' };
    const used = Object.entries(values).filter(([name]) => condition.includes(name));
    const answer = await ask({
      KeyConditionExpression: `pk = :pk AND ${condition}`,
      ExpressionAttributeValues: Object.fromEntries(used.map(([name, S]) => [name, { S }])),
    });
    expect(sorts(answer as never)).toEqual(expected);
  });

  it('go on page by page, in both directions, on the table and its indexes', async () => {
    for (const extra of [
      {},
      { ScanIndexForward: false },
      { IndexName: 'by-price' },
      { IndexName: 'by-price', ScanIndexForward: false },
    ]) {
      const input = {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'bob' } },
        ...extra,
      };
      const whole = await client.send(new QueryCommand(input));
      const pieces = [];
      for await (const page of paginateQuery({ client, pageSize: 5 }, input))
        pieces.push(...(page.Items ?? []));
      expect(pieces).toEqual(whole.Items);
      expect(pieces).toHaveLength(12);
    }
  });

  it('filter, project and count', async () => {
    const answer = await ask({
      FilterExpression: 'price > :p',
      ProjectionExpression: 'price',
      ExpressionAttributeValues: { ':p': { N: '9' } },
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(answer).toMatchObject({ Count: 2, ScannedCount: 12, ConsumedCapacity: { CapacityUnits: 0.5 } });
    expect(answer.Items?.every((item) => Object.keys(item).join() === 'price')).toBe(true);
    const count = await ask({ Select: 'COUNT' });
    expect(count).toMatchObject({ Count: 12 });
    expect(count.Items).toBeUndefined();
  });

  it.each<Partial<QueryCommandInput>>([
    { FilterExpression: 'attribute_exists(note)' },
    { FilterExpression: 'size(note) > size(sk)', Select: 'ALL_ATTRIBUTES' },
  ])('do not filter an index by what it does not hold: %j', async (input) => {
    expect(await refusalOf(ask({ IndexName: 'by-price', ...input }))).toMatchObject({
      code: 'ValidationException',
      message:
        'One or more parameter values were invalid: Secondary index by-price does not project one or more filter attributes: [note]',
    });
  });

  it('find by a global index only items that have its keys, with what it projects', async () => {
    const answer = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-state',
        KeyConditionExpression: '#s = :open AND price >= :p',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':open': { S: 'open' }, ':p': { N: '8' } },
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );
    expect(answer.Items?.map((item) => item['price']?.N)).toEqual(['8', '8', '10', '10']);
    expect(Object.keys(answer.Items?.[0] ?? {}).sort()).toEqual(['pk', 'price', 'sk', 'state']);
    expect(answer.ConsumedCapacity).toEqual({
      TableName,
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      GlobalSecondaryIndexes: { 'by-state': { CapacityUnits: 0.5 } },
    });
  });

  it('fetch from the table what a local index does not hold', async () => {
    const answer = await ask({ IndexName: 'by-price', Select: 'ALL_ATTRIBUTES', Limit: 1 });
    expect(answer.Items?.[0]).toHaveProperty('note');
    const own = await ask({ IndexName: 'by-price', Limit: 1 });
    expect(own.Items?.[0]).not.toHaveProperty('note');
  });

  it.each([
    [{ IndexName: 'no-such' }, 'The table does not have the specified index: no-such'],
    [
      { IndexName: 'by-state', ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
    [
      { FilterExpression: 'sk = :s', ExpressionAttributeValues: { ':s': { S: 's' } } },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    [
      { Select: 'ALL_PROJECTED_ATTRIBUTES' as const },
      'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [{ ExclusiveStartKey: { pk: { S: 'ann' } } }, 'The provided starting key is invalid'],
    [
      { ExclusiveStartKey: { pk: { S: 'bob' }, sk: { S: 'x' } } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
  ])('refuse %j', async (input, message) => {
    expect(await refusalOf(ask(input))).toMatchObject({ code: 'ValidationException', message });
  });
});

describe('scans', () => {
  it('see every item once, also in segments and pages', async () => {
    const places = new Set<string>();
    for (let Segment = 0; Segment < 3; Segment++)
      for await (const page of paginateScan(
        { client, pageSize: 4 },
        { TableName, Segment, TotalSegments: 3 },
      ))
        for (const item of page.Items ?? []) places.add(`${item['pk']?.S}/${item['sk']?.S}`);
    expect(places.size).toBe(24);
    const index = await client.send(new ScanCommand({ TableName, IndexName: 'by-state' }));
    expect(index.Count).toBe(12);
  });

  it('end a page at a mebibyte', async () => {
    await makeTable(client, 'large');
    for (let at = 0; at < 4; at++)
      await client.send(
        new PutItemCommand({
          TableName: 'large',
          Item: { pk: { S: `${at}` }, body: { S: 'x'.repeat(380_000) } },
        }),
      );
    const page = await client.send(
      new ScanCommand({ TableName: 'large', ReturnConsumedCapacity: 'TOTAL', ConsistentRead: true }),
    );
    expect(page.Count).toBe(2);
    expect(page.LastEvaluatedKey).toBeDefined();
    expect(page.ConsumedCapacity?.CapacityUnits).toBe(Math.ceil((2 * 380_007) / 4_096));
  });
});

describe('batches', () => {
  it('get items of several tables', async () => {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [TableName]: { Keys: [{ pk: { S: 'ann' }, sk: { S: 'order-01' } }], ProjectionExpression: 'price' },
          large: { Keys: [{ pk: { S: 'none' } }] },
        },
      }),
    );
    expect(Responses).toEqual({ [TableName]: [{ price: { N: '7' } }], large: [] });
    expect(UnprocessedKeys).toEqual({});
  });

  it('hand out no more than 16 MB, and transactions no more than 4', async () => {
    await makeTable(client, 'huge');
    const key = (at: number) => ({ pk: { S: `${at}` } });
    const body = { S: 'x'.repeat(409_000) };
    const Keys = Array.from({ length: 50 }, (_, at) => key(at));
    await Promise.all(
      Keys.map((Key) => client.send(new PutItemCommand({ TableName: 'huge', Item: { ...Key, body } }))),
    );
    const request = { Keys, ProjectionExpression: 'pk' };
    const first = await client.send(new BatchGetItemCommand({ RequestItems: { huge: request } }));
    // 41 of 409,007 bytes or less are less than 16 MB, 42 are more.
    expect(first.Responses?.['huge']).toEqual(Keys.slice(0, 41));
    expect(first.UnprocessedKeys).toEqual({ huge: { ...request, Keys: Keys.slice(41) } });
    const second = await client.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys }));
    expect(second.Responses?.['huge']).toEqual(Keys.slice(41));
    const together = (count: number) =>
      new TransactGetItemsCommand({
        TransactItems: Keys.slice(0, count).map((Key) => ({
          Get: { TableName: 'huge', Key, ProjectionExpression: 'pk' },
        })),
      });
    expect((await client.send(together(10))).Responses).toHaveLength(10);
    expect((await refusalOf(client.send(together(11)))).message).toBe(
      'Transaction payload size cannot exceed 4 MB',
    );
  });

  it('write nothing when one part is wrong', async () => {
    const put = (pk: string, extra = {}) => ({ PutRequest: { Item: { pk: { S: pk }, ...extra } } });
    const write = (...requests: object[]) =>
      refusalOf(client.send(new BatchWriteItemCommand({ RequestItems: { large: requests } })));
    expect((await write(put('new'), put('new'))).message).toBe(
      'Provided list of item keys contains duplicates',
    );
    expect((await write(put('new'), put(''))).code).toBe('ValidationException');
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { large: { Keys: [{ pk: { S: 'new' } }] } } }),
    );
    expect(Responses?.['large']).toEqual([]);
  });
});
