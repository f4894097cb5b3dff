// DynamoDB: items of about half a kilobyte by key, and pages of twenty by Query, with and without an index.
import { type Figure, type Measure, rateFigure } from '../measure.ts';
import { measureRate } from '../load.ts';
import { awsCaller } from '../wire.ts';

const TABLE = 'bench-items';
const PARTITIONS = 200;
const ITEMS = 20;
const load = { seconds: 4, workers: 32 };

const item = (index: number) => ({
  pk: { S: `partition-${index % PARTITIONS}` },
  sk: { N: String(Math.floor(index / PARTITIONS) % ITEMS) },
  colour: { S: index % 2 === 0 ? 'red' : 'blue' },
  count: { N: String(index) },
  body: { S: 'x'.repeat(400) },
});

export const dynamodbItems: Measure = async (sandbox) => {
  const send = awsCaller(sandbox, 'dynamodb');
  const call = (operation: string, input: object) =>
    send('POST', '/', JSON.stringify(input), {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    });
  await call('CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  for (let index = 0; index < PARTITIONS * ITEMS; index += 1)
    await call('PutItem', { TableName: TABLE, Item: item(index) });
  const get = await measureRate(sandbox, load, (index) => {
    const { pk, sk } = item(index);
    return call('GetItem', { TableName: TABLE, Key: { pk, sk } });
  });
  const put = await measureRate(sandbox, load, (index) =>
    call('PutItem', { TableName: TABLE, Item: item(index) }),
  );
  const update = await measureRate(sandbox, load, (index) => {
    const { pk, sk } = item(index);
    return call('UpdateItem', {
      TableName: TABLE,
      Key: { pk, sk },
      UpdateExpression: 'ADD #c :one',
      ExpressionAttributeNames: { '#c': 'count' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
  });
  const query = await measureRate(sandbox, load, (index) =>
    call('Query', {
      TableName: TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': item(index).pk },
    }),
  );
  return figures({ get, put, update, 'query of 20 items': query });
};

type Rates = Readonly<Record<string, Awaited<ReturnType<typeof measureRate>>>>;

function figures(rates: Rates): readonly Figure[] {
  return Object.entries(rates).map(([name, rate]) => rateFigure(`DynamoDB ${name}`, rate));
}
