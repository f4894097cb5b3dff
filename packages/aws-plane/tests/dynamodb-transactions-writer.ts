// The process that dynamodb-transactions-crash.test.ts kills: moves points between two items of two tables, four
// transactions at a time, and reports each acknowledged one.
import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { makeTable, startDynamoPlane } from './dynamodb-plane.ts';

const plane = await startDynamoPlane({ path: process.argv[2] ?? '', durability: 'durable' });
const client = plane.client();
for (const TableName of ['left', 'right']) {
  await makeTable(client, TableName);
  await client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' }, points: { N: '0' } } }));
}

async function move(token: string): Promise<void> {
  const action = (TableName: string, sign: '+' | '-') => ({
    Update: {
      TableName,
      Key: { pk: { S: 'a' } },
      UpdateExpression: `SET points = points ${sign} :one`,
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  });
  const mark = { Put: { TableName: 'left', Item: { pk: { S: token } } } };
  const TransactItems = [action('left', '-'), action('right', '+'), mark];
  await client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: token }));
  process.send?.({ token });
}

await Promise.all(
  [0, 1, 2, 3].map(async (lane) => {
    for (let n = 0; n < 10_000; n++) await move(`${lane}-${n}`);
  }),
);
