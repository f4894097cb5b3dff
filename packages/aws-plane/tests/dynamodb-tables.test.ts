import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeContributorInsightsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  GetResourcePolicyCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { account, guestKey, policyOf, refusalOf, secretAccessKey, strangerKey } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
beforeAll(async () => {
  plane = await startDynamoPlane();
  client = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

const described = async (TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table;
const arnOf = (name: string) => `arn:aws:dynamodb:us-east-1:${account}:table/${name}`;
const update = (TableName: string, input: Partial<UpdateTableCommandInput>) =>
  client.send(new UpdateTableCommand({ TableName, ...input }));

describe('tables', () => {
  it('are made, described completely, listed and deleted', async () => {
    const { TableDescription } = await client.send(
      new CreateTableCommand({
        TableName: 'complete',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 4 },
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
        SSESpecification: { Enabled: true },
        TableClass: 'STANDARD_INFREQUENT_ACCESS',
        Tags: [{ Key: 'team', Value: 'shop' }],
      }),
    );
    expect(TableDescription?.TableStatus).toBe('CREATING');
    expect(await described('complete')).toMatchObject({
      TableName: 'complete',
      TableStatus: 'ACTIVE',
      TableArn: arnOf('complete'),
      ItemCount: 0,
      TableSizeBytes: 0,
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 4, NumberOfDecreasesToday: 0 },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      LatestStreamArn: expect.stringMatching(/\/stream\/\d{4}-\d\d-\d\dT/),
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: false,
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toContain('complete');
    const deleted = await client.send(new DeleteTableCommand({ TableName: 'complete' }));
    expect(deleted.TableDescription?.TableStatus).toBe('DELETING');
    expect(await refusalOf(described('complete'))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: complete not found',
    });
  });

  const base: CreateTableCommandInput = {
    TableName: 'refused',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  it.each([
    [{ TableName: 'ab' }, 'TableName must be at least 3 characters long and at most 255 characters long'],
    [
      { TableName: 'a;bc' },
      "1 validation error detected: Value 'a;bc' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ],
    [
      { AttributeDefinitions: [{ AttributeName: 'x', AttributeType: 'S' as const }] },
      'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: [x]',
    ],
    [
      { KeySchema: [{ AttributeName: 'id', KeyType: 'RANGE' as const }] },
      'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    ],
  ])('that are wrong are refused: %j', async (change, message) => {
    expect(await refusalOf(client.send(new CreateTableCommand({ ...base, ...change })))).toMatchObject({
      code: 'ValidationException',
      message,
    });
  });

  it('exist once, and are kept when they are protected', async () => {
    await makeTable(client, 'once', { DeletionProtectionEnabled: true });
    expect((await refusalOf(makeTable(client, 'once'))).code).toBe('ResourceInUseException');
    const gone = () => client.send(new DeleteTableCommand({ TableName: 'once' }));
    expect(await refusalOf(gone())).toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('protected against deletion'),
    });
    await update('once', { DeletionProtectionEnabled: false });
    await gone();
  });

  it('change their billing and units', async () => {
    await makeTable(client, 'billed');
    await update('billed', {
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 10 },
    });
    await update('billed', { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 20 } });
    expect(await described('billed')).toMatchObject({
      BillingModeSummary: { BillingMode: 'PROVISIONED' },
      ProvisionedThroughput: {
        ReadCapacityUnits: 5,
        WriteCapacityUnits: 20,
        NumberOfDecreasesToday: 1,
        LastDecreaseDateTime: expect.any(Date),
      },
    });
    const same = update('billed', {
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 20 },
    });
    expect((await refusalOf(same)).message).toContain('will not change');
    expect((await refusalOf(update('billed', {}))).message).toContain('At least one of');
  });
});

describe('global indexes', () => {
  it('are filled when they are made later, while items change, and go again', async () => {
    await makeTable(client, 'indexed');
    const put = (at: number, colour: string) =>
      client.send(
        new PutItemCommand({ TableName: 'indexed', Item: { pk: { S: `${at}` }, colour: { S: colour } } }),
      );
    await Promise.all(Array.from({ length: 60 }, (_, at) => put(at, at % 2 ? 'red' : 'blue')));
    const [made] = await Promise.all([
      update('indexed', {
        AttributeDefinitions: [{ AttributeName: 'colour', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'by-colour',
              KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      }),
      ...Array.from({ length: 10 }, (_, at) => put(at, 'green')),
    ]);
    expect(made.TableDescription?.GlobalSecondaryIndexes?.[0]).toMatchObject({
      IndexStatus: 'CREATING',
      Backfilling: true,
    });
    await expect.poll(async () => (await described('indexed'))?.TableStatus).toBe('ACTIVE');
    const count = async (colour: string) =>
      (
        await client.send(
          new QueryCommand({
            TableName: 'indexed',
            IndexName: 'by-colour',
            KeyConditionExpression: 'colour = :c',
            ExpressionAttributeValues: { ':c': { S: colour } },
          }),
        )
      ).Count;
    expect([await count('green'), await count('red'), await count('blue')]).toEqual([10, 25, 25]);
    expect((await described('indexed'))?.GlobalSecondaryIndexes?.[0]).toMatchObject({
      IndexStatus: 'ACTIVE',
      ItemCount: 60,
    });
    await update('indexed', { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-colour' } }] });
    await expect.poll(async () => (await described('indexed'))?.GlobalSecondaryIndexes).toBeUndefined();
    expect((await described('indexed'))?.AttributeDefinitions).toHaveLength(1);
  });
});

describe('settings', () => {
  it('of expiry, tags, insights and backups are kept', async () => {
    await makeTable(client, 'settings');
    const TableName = 'settings';
    const expire = (Enabled: boolean, AttributeName = 'ttl') =>
      client.send(
        new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }),
      );
    await expire(true);
    expect((await refusalOf(expire(true))).message).toBe('TimeToLive is already enabled');
    expect((await refusalOf(expire(false, 'other'))).message).toContain('current AttributeName is ttl');
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
    await expire(false);

    const ResourceArn = arnOf(TableName);
    await client.send(
      new TagResourceCommand({
        ResourceArn,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);

    await client.send(
      new UpdateContributorInsightsCommand({ TableName, ContributorInsightsAction: 'ENABLE' }),
    );
    const insights = await client.send(new DescribeContributorInsightsCommand({ TableName }));
    expect(insights.ContributorInsightsStatus).toBe('ENABLED');

    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    expect(ContinuousBackupsDescription).toEqual({
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
  });
});

describe('policies', () => {
  it('bind callers to their keys and attributes', async () => {
    await makeTable(client, 'bound', { sort: true });
    plane.test.directory.userPolicies.set('guest', [
      policyOf('leading', [
        {
          Effect: 'Allow',
          Action: 'dynamodb:*',
          Resource: arnOf('bound'),
          Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['guest'] } },
        },
      ]),
    ]);
    const guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
    const ask = (pk: string) =>
      guest.send(
        new QueryCommand({
          TableName: 'bound',
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      );
    expect((await ask('guest')).Count).toBe(0);
    expect(await refusalOf(ask('other'))).toMatchObject({ code: 'AccessDeniedException', status: 400 });
    const put = (pk: string) =>
      guest.send(new PutItemCommand({ TableName: 'bound', Item: { pk: { S: pk }, sk: { S: 's' } } }));
    await put('guest');
    expect((await refusalOf(put('other'))).code).toBe('AccessDeniedException');
  });

  it('of a table let other accounts in, by its ARN', async () => {
    await makeTable(client, 'shared');
    const stranger = plane.client({ credentials: { accessKeyId: strangerKey, secretAccessKey } });
    const see = () => stranger.send(new DescribeTableCommand({ TableName: arnOf('shared') }));
    expect((await refusalOf(see())).code).toBe('AccessDeniedException');
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '210987654321' },
          Action: 'dynamodb:DescribeTable',
          Resource: arnOf('shared'),
        },
      ],
    });
    const { RevisionId } = await client.send(
      new PutResourcePolicyCommand({ ResourceArn: arnOf('shared'), Policy }),
    );
    expect((await see()).Table?.TableName).toBe('shared');
    const kept = await client.send(new GetResourcePolicyCommand({ ResourceArn: arnOf('shared') }));
    expect(kept).toMatchObject({ Policy, RevisionId });
  });
});
