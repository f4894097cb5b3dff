import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { refusalOf } from './plane.ts';

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

describe('items', () => {
  it('come back as they were put, of every type', async () => {
    const Item = {
      pk: { S: 'all' },
      n: { N: '1.50' },
      b: { B: Uint8Array.of(0, 255) },
      m: { M: { deep: { B: Uint8Array.of(1) }, l: { L: [{ NULL: true as const }, { BOOL: false }] } } },
      ss: { SS: ['a', 'b'] },
      ns: { NS: ['1', '2'] },
      bs: { BS: [Uint8Array.of(3)] },
      __proto: { S: '' },
    };
    await client.send(new PutItemCommand({ TableName, Item }));
    const { Item: found } = await client.send(
      new GetItemCommand({ TableName, Key: { pk: { S: 'all' } }, ConsistentRead: true }),
    );
    expect(found).toEqual({ ...Item, n: { N: '1.5' } });
  });

  it('are projected, updated and deleted', async () => {
    const Key = { pk: { S: 'x' } };
    const made = await client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET a = :one, #b = :two',
        ExpressionAttributeNames: { '#b': 'b' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':two': { S: 'two' } },
        ReturnValues: 'ALL_NEW',
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(made.Attributes).toEqual({ ...Key, a: { N: '1' }, b: { S: 'two' } });
    expect(made.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
    const part = await client.send(new GetItemCommand({ TableName, Key, ProjectionExpression: 'b' }));
    expect(part.Item).toEqual({ b: { S: 'two' } });
    const gone = await client.send(new DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }));
    expect(gone.Attributes?.['a']).toEqual({ N: '1' });
    expect((await client.send(new GetItemCommand({ TableName, Key }))).Item).toBeUndefined();
  });

  it('are written under conditions, whose failure may show the item', async () => {
    const put = (extra = {}) =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: { pk: { S: 'once' }, v: { N: '1' } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ...extra,
        }),
      );
    await put();
    expect(await refusalOf(put())).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
    });
    await expect(put({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).rejects.toMatchObject({
      Item: { pk: { S: 'once' }, v: { N: '1' } },
    });
  });

  it('count up without losing one', async () => {
    await Promise.all(
      Array.from({ length: 40 }, () =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: { pk: { S: 'counter' } },
            UpdateExpression: 'ADD c :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          }),
        ),
      ),
    );
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'counter' } } }));
    expect(Item?.['c']).toEqual({ N: '40' });
  });

  it.each([
    [
      { pk: { N: '1' } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [{ a: { S: '1' } }, 'One or more parameter values were invalid: Missing the key pk in the item'],
    [
      { pk: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [{ pk: { S: 'x' }, big: { S: 'x'.repeat(410_000) } }, 'Item size has exceeded the maximum allowed size'],
    [
      { pk: { S: 'k'.repeat(2_049) } },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
  ])('that do not fit are refused', async (Item, message) => {
    expect(await refusalOf(client.send(new PutItemCommand({ TableName, Item })))).toMatchObject({
      code: 'ValidationException',
      status: 400,
      message,
    });
  });

  it('are not handed out as they became by what only replaces or deletes them', async () => {
    const put = new PutItemCommand({ TableName, Item: { pk: { S: 'x' } }, ReturnValues: 'ALL_NEW' });
    expect((await refusalOf(client.send(put))).message).toBe('ReturnValues can only be ALL_OLD or NONE');
  });

  it('are refused by keys that do not fit, and by tables that are not there', async () => {
    const get = (TableName: string, Key: Record<string, { S: string }>) =>
      refusalOf(client.send(new GetItemCommand({ TableName, Key })));
    expect(await get('sorted', { pk: { S: 'a' } })).toMatchObject({
      code: 'ValidationException',
      message: 'The provided key element does not match the schema',
    });
    expect(await get('nowhere', { pk: { S: 'a' } })).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
    const update = new UpdateItemCommand({
      TableName,
      Key: { pk: { S: 'a' } },
      UpdateExpression: 'SET pk = :v',
      ExpressionAttributeValues: { ':v': { S: 'b' } },
    });
    expect((await refusalOf(client.send(update))).message).toBe(
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    );
  });
});
