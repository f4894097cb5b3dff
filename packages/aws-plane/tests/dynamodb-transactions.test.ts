// TransactWriteItems and TransactGetItems through the SDK's client: all or nothing, reasons, tokens, rights.
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type TransactionCanceledException,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { fakeClock } from '@pergola/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connection, type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
beforeAll(async () => {
  plane = await startDynamoPlane();
  client = plane.client();
  await makeTable(client, 'plain');
  await makeTable(client, 'sorted', { sort: true });
});
afterAll(() => plane[Symbol.asyncDispose]());

const TableName = 'plain';
const key = (pk: string) => ({ pk: { S: pk } });
const send = (TransactItems: TransactWriteItem[], more: Partial<TransactWriteItemsCommandInput> = {}) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
const put = (pk: string, n: string, more: object = {}): TransactWriteItem => ({
  Put: { TableName, Item: { ...key(pk), n: { N: n } }, ...more },
});
const increment = (pk: string): TransactWriteItem => ({
  Update: {
    TableName,
    Key: key(pk),
    UpdateExpression: 'SET n = n + :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});
const read = async (pk: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead: true }))).Item;
const reasonsOf = async (items: TransactWriteItem[]) => {
  const error = await send(items).then(
    () => undefined,
    (thrown: TransactionCanceledException) => thrown,
  );
  expect(error?.name).toBe('TransactionCanceledException');
  return { message: error?.message, reasons: error?.CancellationReasons };
};

describe('TransactWriteItems', () => {
  it('writes, checks, updates and deletes, in several tables', async () => {
    await send([put('a', '1'), put('gone', '1')]);
    const answer = await send(
      [
        increment('a'),
        { Delete: { TableName, Key: key('gone'), ConditionExpression: 'n = n2 OR attribute_exists(n)' } },
        { ConditionCheck: { TableName, Key: key('none'), ConditionExpression: 'attribute_not_exists(pk)' } },
        { Put: { TableName: 'sorted', Item: { pk: { S: 'a' }, sk: { S: '1' } } } },
      ],
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    expect(answer.ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 6, WriteCapacityUnits: 6 },
      { TableName: 'sorted', CapacityUnits: 2, WriteCapacityUnits: 2 },
    ]);
    expect(await read('a')).toEqual({ ...key('a'), n: { N: '2' } });
    expect([await read('gone'), await read('none')]).toEqual([undefined, undefined]);
  });

  it('does nothing when one action fails, and says why for each', async () => {
    await send([put('b', '1')]);
    const { message, reasons } = await reasonsOf([
      put('c', '1'),
      increment('b'),
      put('b2', '2', { ConditionExpression: 'attribute_exists(pk)' }),
      {
        ConditionCheck: {
          TableName,
          Key: key('a'),
          ConditionExpression: 'n > :n',
          ExpressionAttributeValues: { ':n': { N: '1000' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      increment('d'),
    ]);
    expect(message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]',
    );
    expect(reasons).toEqual([
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { ...key('a'), n: { N: '2' } },
      },
      {
        Code: 'ValidationError',
        Message: 'The provided expression refers to an attribute that does not exist in the item',
      },
    ]);
    expect(await read('b')).toEqual({ ...key('b'), n: { N: '1' } });
    expect([await read('c'), await read('d')]).toEqual([undefined, undefined]);
  });

  it('is cancelled by the first key that does not fit', async () => {
    const bad = { Put: { TableName, Item: { pk: { N: '7' } } } };
    expect(
      (await reasonsOf([put('x', '1', { ConditionExpression: 'attribute_exists(pk)' }), bad, bad])).reasons,
    ).toEqual([
      { Code: 'None' },
      {
        Code: 'ValidationError',
        Message: 'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
      },
      { Code: 'None' },
    ]);
  });

  it.each<[string, TransactWriteItem[], string]>([
    [
      'two actions on one item',
      [put('x', '1'), { Delete: { TableName, Key: key('x') } }],
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'a name that is not defined',
      [put('x', '1', { ConditionExpression: 'attribute_exists(#xyz)' })],
      'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #xyz',
    ],
    [
      'a value that is not used',
      [
        put('x', '1', {
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':xyz': { N: '7' } },
        }),
      ],
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:xyz}',
    ],
    [
      'an expression that is not well formed',
      [put('x', '1', { ConditionExpression: 'a = = b' })],
      'Invalid ConditionExpression: Syntax error; token: "=", near: "= = b"',
    ],
    [
      'two actions in one',
      [{ ...put('x', '1'), ...increment('y') }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    [
      'more than 4 MB',
      Array.from({ length: 50 }, (_, at) => ({
        Put: { TableName, Item: { ...key(`${at}`), s: { S: 'x'.repeat(100_000) } } },
      })),
      'Transaction payload size cannot exceed 4 MB',
    ],
  ])('refuses %s', async (_, items, message) => {
    expect(await refusalOf(send(items))).toMatchObject({ code: 'ValidationException', message });
    expect(await read('x')).toBeUndefined();
  });

  it('refuses no actions, too many, and tables that are not there', async () => {
    expect(await refusalOf(send([]))).toMatchObject({ code: 'ValidationException' });
    const many = Array.from({ length: 101 }, (_, at) => put(`many-${at}`, '1'));
    expect(await refusalOf(send(many))).toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(
        /'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100/,
      ),
    });
    await send(many.slice(1));
    expect(await read('many-100')).toBeDefined();
    const nowhere = { Delete: { TableName: 'nowhere', Key: key('x') } };
    expect(await refusalOf(send([put('y', '1'), nowhere]))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
    expect(await read('y')).toBeUndefined();
  });

  it('is cancelled by a path into a key', async () => {
    expect(
      (await reasonsOf([put('x', '1', { ConditionExpression: 'attribute_exists(pk.a)' })])).reasons,
    ).toEqual([
      {
        Code: 'ValidationError',
        Message:
          "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
      },
    ]);
  });

  it('runs transactions that meet as if one came after the other', async () => {
    await send([put('left', '0'), put('right', '0')]);
    await Promise.all(Array.from({ length: 20 }, () => send([increment('left'), increment('right')])));
    expect([await read('left'), await read('right')]).toMatchObject([{ n: { N: '20' } }, { n: { N: '20' } }]);
  });
});

describe('a client request token', () => {
  it('makes a request happen once in ten minutes', async () => {
    const clock = fakeClock(Date.now());
    await using own = await startDynamoPlane({ clock });
    const timed = own.client();
    await makeTable(timed, TableName);
    await timed.send(new PutItemCommand({ TableName, Item: { ...key('a'), n: { N: '0' } } }));
    const once = (pk = 'a') =>
      timed.send(
        new TransactWriteItemsCommand({ TransactItems: [increment(pk)], ClientRequestToken: 'token-1' }),
      );
    const n = async () => (await timed.send(new GetItemCommand({ TableName, Key: key('a') }))).Item?.['n']?.N;
    await once();
    await once();
    expect(await n()).toBe('1');
    expect(await refusalOf(once('b'))).toMatchObject({ code: 'IdempotentParameterMismatchException' });
    clock.advance(10 * 60_000);
    await once();
    expect(await n()).toBe('2');
  });
});

describe('TransactGetItems', () => {
  it('reads items of several tables, whole or in part', async () => {
    await send([
      put('g', '5'),
      { Put: { TableName: 'sorted', Item: { pk: { S: 'g' }, sk: { S: '1' }, x: { S: 'x' } } } },
    ]);
    const answer = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName, Key: key('g') } },
          { Get: { TableName, Key: key('nothing') } },
          {
            Get: {
              TableName: 'sorted',
              Key: { pk: { S: 'g' }, sk: { S: '1' } },
              ProjectionExpression: '#x',
              ExpressionAttributeNames: { '#x': 'x' },
            },
          },
        ],
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(answer.Responses).toEqual([
      { Item: { ...key('g'), n: { N: '5' } } },
      {},
      { Item: { x: { S: 'x' } } },
    ]);
    expect(answer.ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 4, ReadCapacityUnits: 4 },
      { TableName: 'sorted', CapacityUnits: 2, ReadCapacityUnits: 2 },
    ]);
  });

  it('refuses the same item twice, and keys that do not fit', async () => {
    const get = { Get: { TableName, Key: key('g') } };
    const twice = client.send(new TransactGetItemsCommand({ TransactItems: [get, get] }));
    expect(await refusalOf(twice)).toMatchObject({
      message: 'Transaction request cannot include multiple operations on one item',
    });
    const wrong = { Get: { TableName, Key: { other: { S: 'g' } } } };
    const error = await client.send(new TransactGetItemsCommand({ TransactItems: [get, wrong] })).then(
      () => undefined,
      (thrown: TransactionCanceledException) => thrown,
    );
    expect(error?.name).toBe('TransactionCanceledException');
    expect(error?.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ]);
  });
});

describe('rights', () => {
  it('are those of each action', async () => {
    const guest = plane.client({
      ...connection(plane.test.url),
      credentials: { accessKeyId: guestKey, secretAccessKey },
    });
    const allow = (...actions: string[]) =>
      plane.test.directory.userPolicies.set('guest', [
        policyOf('some', [
          {
            Effect: 'Allow',
            Action: actions.map((action) => `dynamodb:${action}`),
            Resource: '*',
            Condition: {
              'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
            },
          },
        ]),
      ]);
    const request = new TransactWriteItemsCommand({
      TransactItems: [
        put('guest', '1'),
        { ConditionCheck: { TableName, Key: key('other'), ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
    });
    allow('PutItem');
    expect(await refusalOf(guest.send(request))).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:ConditionCheckItem'),
    });
    allow('PutItem', 'ConditionCheckItem');
    await guest.send(request);
    expect(await read('guest')).toBeDefined();
  });
});
