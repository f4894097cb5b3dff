// Who may see and change what: keys and attributes in conditions, by every way to an item, and the tables of others.
import {
  CreateTableCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  GetItemCommand,
  ListContributorInsightsCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateContributorInsightsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { account, guestKey, policyOf, refusalOf, secretAccessKey, strangerKey } from './plane.ts';

let plane: DynamoPlane;
let admin: DynamoDBClient;
let guest: DynamoDBClient;
let stranger: DynamoDBClient;

beforeAll(async () => {
  plane = await startDynamoPlane();
  admin = plane.client();
  guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
  stranger = plane.client({ credentials: { accessKeyId: strangerKey, secretAccessKey } });
  await makeTable(admin, 'tenants');
  await admin.send(
    new CreateTableCommand({
      TableName: 'counters',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'n', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'n', AttributeType: 'N' }],
    }),
  );
  for (const pk of ['mine', 'other'])
    await admin.send(
      new PutItemCommand({
        TableName: 'tenants',
        Item: { pk: { S: pk }, hue: { S: 'o' }, secret: { S: 's' } },
      }),
    );
});

afterAll(() => plane[Symbol.asyncDispose]());

function allowGuest(Condition: object): void {
  const all = { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' };
  plane.test.directory.userPolicies.set('guest', [policyOf('guest', [{ ...all, Condition }])]);
}

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;
const run = (Statement: string) => guest.send(new ExecuteStatementCommand({ Statement }));

describe('who may have some leading keys only', () => {
  it.each([
    `INSERT INTO "tenants" VALUE {'pk':'theirs'}`,
    `UPDATE "tenants" SET hue='x' WHERE pk='other' RETURNING ALL NEW *`,
    `DELETE FROM "tenants" WHERE pk='other' RETURNING ALL OLD *`,
    `SELECT * FROM "tenants" WHERE pk IN ['mine', 'other']`,
  ])('has no others by %s', async (statement) => {
    allowGuest({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } });
    expect(await codeOf(run(statement))).toBe('AccessDeniedException');
    if (statement.startsWith('SELECT')) return;
    const Statement = statement.replace(/ RETURNING .*/, '');
    const transaction = new ExecuteTransactionCommand({ TransactStatements: [{ Statement }] });
    expect(await codeOf(guest.send(transaction))).toBe('AccessDeniedException');
  });

  it('has its own', async () => {
    allowGuest({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } });
    await run(`UPDATE "tenants" SET hue='x' WHERE pk='mine'`);
    const { Items: items } = await run(`SELECT hue FROM "tenants" WHERE pk='mine'`);
    expect(items).toEqual([{ hue: { S: 'x' } }]);
  });

  it('cannot write a number in another way than policies do', async () => {
    allowGuest({ 'ForAllValues:StringNotEquals': { 'dynamodb:LeadingKeys': ['1'] } });
    for (const n of ['1', '1.0', '10e-1', '+1'])
      expect(
        await codeOf(guest.send(new GetItemCommand({ TableName: 'counters', Key: { n: { N: n } } }))),
      ).toBe('AccessDeniedException');
    expect(
      await guest.send(new GetItemCommand({ TableName: 'counters', Key: { n: { N: '2' } } })),
    ).toBeDefined();
  });
});

describe('who may see some attributes only', () => {
  const allow = () =>
    allowGuest({
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'hue'] },
      StringEqualsIfExists: {
        'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
        'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
      },
    });
  const TableName = 'tenants';
  const Key = { pk: { S: 'mine' } };

  it.each<[string, () => Promise<unknown>]>([
    ['silence', () => guest.send(new GetItemCommand({ TableName, Key }))],
    ['a statement of everything', () => run(`SELECT * FROM "tenants" WHERE pk='mine'`)],
    [
      'a statement that returns all',
      () => run(`UPDATE "tenants" SET hue='x' WHERE pk='mine' RETURNING ALL NEW *`),
    ],
    [
      'a filter',
      () =>
        guest.send(
          new ScanCommand({
            TableName,
            ProjectionExpression: 'pk',
            FilterExpression: 'size ( secret ) > :n',
            ExpressionAttributeValues: { ':n': { N: '0' } },
          }),
        ),
    ],
    [
      'a legacy filter',
      () =>
        guest.send(
          new ScanCommand({
            TableName,
            AttributesToGet: ['pk'],
            ScanFilter: { secret: { ComparisonOperator: 'NOT_NULL' } },
          }),
        ),
    ],
    [
      'a placeholder below another name',
      () =>
        guest.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: 'SET hue = if_not_exists(#s . hue, hue)',
            ExpressionAttributeNames: { '#s': 'secret' },
          }),
        ),
    ],
    [
      'a count',
      () =>
        guest.send(
          new QueryCommand({
            TableName,
            Select: 'COUNT',
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: 'mine' } },
          }),
        ),
    ],
  ])('is refused %s', async (_, call) => {
    allow();
    expect(await codeOf(call())).toBe('AccessDeniedException');
  });

  it('sees those, also below names that others have', async () => {
    allow();
    const read = new GetItemCommand({
      TableName,
      Key,
      ProjectionExpression: 'pk, hue . secret',
    });
    expect(await guest.send(read)).toMatchObject({ Item: Key });
    expect(await run(`SELECT hue FROM "tenants" WHERE pk='mine'`)).toMatchObject({ $metadata: {} });
  });
});

describe('the tables of another account', () => {
  const arn = `arn:aws:dynamodb:us-east-1:${account}:table/tenants`;

  it('are not listed', async () => {
    await admin.send(
      new UpdateContributorInsightsCommand({ TableName: 'tenants', ContributorInsightsAction: 'ENABLE' }),
    );
    const insights = new ListContributorInsightsCommand({ TableName: arn });
    expect(await codeOf(stranger.send(insights))).toBe('ResourceNotFoundException');
  });
});
