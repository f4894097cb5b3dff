// Input that is made to be misread: names that mean something to JavaScript, forged tokens and keys, depth without end.
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { rawCall } from './dynamodb-raw.ts';
import { account, refusalOf } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;

beforeAll(async () => {
  plane = await startDynamoPlane();
  client = plane.client();
  await makeTable(client, 'orders', {
    sort: true,
    attributes: [{ AttributeName: 'n', AttributeType: 'N' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-number',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'n', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  for (const sk of ['1', '2', '3'])
    await client.send(
      new PutItemCommand({ TableName: 'orders', Item: { pk: { S: 'a' }, sk: { S: sk }, n: { N: sk } } }),
    );
});

afterAll(() => plane[Symbol.asyncDispose]());

/** The answer of a call that must succeed, as text: parsing it here would hide what is looked for. */
async function answered(operation: string, input: string): Promise<string> {
  const { status, text } = await rawCall(plane, operation, input);
  expect({ status, text }).toMatchObject({ status: 200 });
  return text;
}

describe('names that mean something to JavaScript', () => {
  const named = '"TableName":"__proto__"';
  const key = '"__proto__":{"S":"p"},"constructor":{"N":"1"}';
  const item = `{${key},"toString":{"N":"2"},"toJSON":{"S":"x"},"hasOwnProperty":{"M":{"__proto__":{"L":[{"B":"eA=="}]}}}}`;

  it('are names like others', async () => {
    const schema = (sort: string) =>
      `[{"AttributeName":"__proto__","KeyType":"HASH"},{"AttributeName":"${sort}","KeyType":"RANGE"}]`;
    const types = ['__proto__ S', 'constructor N', 'toString N'].map((one) => one.split(' '));
    await answered(
      'CreateTable',
      `{${named},"BillingMode":"PAY_PER_REQUEST","KeySchema":${schema('constructor')},
        "AttributeDefinitions":[${types.map(([name, type]) => `{"AttributeName":"${name}","AttributeType":"${type}"}`).join()}],
        "LocalSecondaryIndexes":[{"IndexName":"constructor","KeySchema":${schema('toString')},"Projection":{"ProjectionType":"KEYS_ONLY"}}],
        "Tags":[{"Key":"__proto__","Value":"kept"}]}`,
    );
    expect(
      await answered(
        'ListTagsOfResource',
        `{"ResourceArn":"arn:aws:dynamodb:us-east-1:${account}:table/__proto__"}`,
      ),
    ).toContain('{"Key":"__proto__","Value":"kept"}');
    expect(
      await answered('PutItem', `{${named},"Item":${item},"ReturnItemCollectionMetrics":"SIZE"}`),
    ).toContain('"ItemCollectionKey":{"__proto__":{"S":"p"}}');
    expect(JSON.parse(await answered('GetItem', `{${named},"Key":{${key}}}`))).toEqual(
      JSON.parse(`{"Item":${item}}`),
    );
    expect(
      await answered(
        'UpdateItem',
        `{${named},"Key":{${key}},"UpdateExpression":"SET #h.#p[0] = :v","ReturnValues":"UPDATED_NEW",
          "ExpressionAttributeNames":{"#h":"hasOwnProperty","#p":"__proto__"},"ExpressionAttributeValues":{":v":{"S":"v"}}}`,
      ),
    ).toBe('{"Attributes":{"hasOwnProperty":{"M":{"__proto__":{"L":[{"S":"v"}]}}}}}');
    expect(
      await answered(
        'Query',
        `{${named},"IndexName":"constructor","KeyConditionExpression":"#p = :p","Limit":1,
          "ExpressionAttributeNames":{"#p":"__proto__"},"ExpressionAttributeValues":{":p":{"S":"p"}}}`,
      ),
    ).toContain('"LastEvaluatedKey":{"__proto__":{"S":"p"},"constructor":{"N":"1"},"toString":{"N":"2"}}');
    const put = `{"RequestItems":{"__proto__":[{"PutRequest":{"Item":{${key}}}}]},"ReturnItemCollectionMetrics":"SIZE"}`;
    expect(await answered('BatchWriteItem', put)).toContain('"ItemCollectionMetrics":{"__proto__":[');
    expect(await answered('BatchGetItem', `{"RequestItems":{"__proto__":{"Keys":[{${key}}]}}}`)).toContain(
      '"Responses":{"__proto__":[{"__proto__":{"S":"p"}',
    );
    const insert = `INSERT INTO \\"__proto__\\" VALUE {'__proto__':'q','constructor':7}`;
    await answered('ExecuteStatement', `{"Statement":"${insert}"}`);
    expect(
      await answered(
        'ExecuteStatement',
        `{"Statement":"SELECT * FROM \\"__proto__\\" WHERE \\"__proto__\\"='q'"}`,
      ),
    ).toBe('{"Items":[{"__proto__":{"S":"q"},"constructor":{"N":"7"}}]}');
    await answered('UpdateContributorInsights', `{${named},"ContributorInsightsAction":"ENABLE"}`);
    expect(await answered('DescribeContributorInsights', `{${named},"IndexName":"constructor"}`)).toBe(
      `{${named},"IndexName":"constructor","ContributorInsightsStatus":"DISABLED"}`,
    );
  });
});

describe('forged places', () => {
  const statement = { Statement: 'SELECT pk FROM "orders"', Limit: 1 };
  const forged = (changes: object) => async () => {
    const { NextToken: token = '' } = await client.send(new ExecuteStatementCommand(statement));
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    const NextToken = Buffer.from(JSON.stringify(Object.assign({}, content, changes))).toString('base64url');
    const { code, message } = await refusalOf(
      client.send(new ExecuteStatementCommand({ ...statement, NextToken })),
    );
    expect({ code, message }).toEqual({
      code: 'ValidationException',
      message: 'NextToken does not match request',
    });
  };

  it.each([
    { key: 'x' },
    { key: { pk: 'x', sk: 'y' } },
    { key: { pk: null, sk: 1 } },
    { key: { pk: { L: 5 }, sk: { S: 's' } } },
    { key: { pk: { M: 'x' }, sk: { SS: 'y' } } },
    { key: { pk: { S: 5 }, sk: { S: {} } } },
    { part: -1 },
  ])('are refused in tokens: %j', (changes) => forged(changes)());

  const from = (n: string) =>
    new QueryCommand({
      TableName: 'orders',
      IndexName: 'by-number',
      KeyConditionExpression: 'pk = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
      ExclusiveStartKey: { pk: { S: 'a' }, sk: { S: '1' }, n: { N: n } },
    });

  it('are read as the numbers that they are', async () => {
    const { Items: items } = await client.send(from('+1.00e0'));
    expect(items?.map(({ sk }) => sk)).toEqual([{ S: '2' }, { S: '3' }]);
    expect(await refusalOf(client.send(from('one')))).toMatchObject({ code: 'ValidationException' });
  });
});

describe('paths into keys', () => {
  const message =
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: sk";
  const Key = { pk: { S: 'a' }, sk: { S: '1' } };

  it('are refused wherever items are read', async () => {
    const query = new QueryCommand({
      TableName: 'orders',
      KeyConditionExpression: 'pk = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
      ProjectionExpression: 'sk[0]',
    });
    expect(await refusalOf(client.send(query))).toMatchObject({ code: 'ValidationException', message });
    const part = { Keys: [Key], ProjectionExpression: 'sk.x' };
    const batch = new BatchGetItemCommand({ RequestItems: { orders: part } });
    expect(await refusalOf(client.send(batch))).toMatchObject({ code: 'ValidationException', message });
    const Get = { TableName: 'orders', Key, ProjectionExpression: 'sk.x' };
    const transaction = new TransactGetItemsCommand({ TransactItems: [{ Get }] });
    expect(await refusalOf(client.send(transaction))).toMatchObject({ code: 'TransactionCanceledException' });
  });
});

describe('depth', () => {
  it.each([40, 10_000, 400_000])('of %i levels is refused', async (levels) => {
    const value = `${'{"L":['.repeat(levels)}{"S":"x"}${']}'.repeat(levels)}`;
    const body = `{"TableName":"orders","Item":{"pk":{"S":"a"},"sk":{"S":"deep"},"v":${value}}}`;
    const { status, text } = await rawCall(plane, 'PutItem', body);
    expect({ status, text }).toMatchObject({ status: 400 });
  });
});
