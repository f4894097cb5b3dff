import {
  CreateBackupCommand,
  DeleteBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { type FakeClock, fakeClock } from '@pergola/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { refusalOf } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
let clock: FakeClock;
beforeAll(async () => {
  clock = fakeClock(Date.now());
  plane = await startDynamoPlane({ clock });
  client = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

const put = (TableName: string, pk: string, v: string) =>
  client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, v: { S: v } } }));
const itemsOf = async (TableName: string, extra = {}) => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ...extra }));
  return Items.map((item) => `${item['pk']?.S}=${item['v']?.S}`).sort();
};
const statusOf = async (TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;

describe('backups', () => {
  it('hold the items as they were, and make new tables of them', async () => {
    await makeTable(client, 'source', {
      attributes: [{ AttributeName: 'v', AttributeType: 'S' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-v',
          KeySchema: [{ AttributeName: 'v', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    await put('source', 'a', '1');
    await put('source', 'b', '1');
    const made = await client.send(new CreateBackupCommand({ TableName: 'source', BackupName: 'first' }));
    const BackupArn = made.BackupDetails?.BackupArn;
    await put('source', 'a', '2');
    const described = async () =>
      (await client.send(new DescribeBackupCommand({ BackupArn }))).BackupDescription;
    await expect.poll(async () => (await described())?.BackupDetails?.BackupStatus).toBe('AVAILABLE');
    expect((await described())?.SourceTableDetails).toMatchObject({ TableName: 'source', ItemCount: 2 });
    await client.send(new DeleteTableCommand({ TableName: 'source' }));

    const restored = await client.send(
      new RestoreTableFromBackupCommand({ BackupArn, TargetTableName: 'copy' }),
    );
    expect(restored.TableDescription).toMatchObject({
      TableStatus: 'CREATING',
      RestoreSummary: { SourceBackupArn: BackupArn, RestoreInProgress: true },
    });
    await expect.poll(() => statusOf('copy')).toBe('ACTIVE');
    expect(await itemsOf('copy')).toEqual(['a=1', 'b=1']);
    expect(await itemsOf('copy', { IndexName: 'by-v' })).toEqual(['a=1', 'b=1']);

    expect((await client.send(new ListBackupsCommand({}))).BackupSummaries).toHaveLength(1);
    await client.send(new DeleteBackupCommand({ BackupArn }));
    expect((await refusalOf(described())).code).toBe('BackupNotFoundException');
  });
});

describe('recovery', () => {
  it('brings back a table as it was at any instant', async () => {
    await makeTable(client, 'live');
    const restore = (RestoreDateTime: Date, TargetTableName: string) =>
      client.send(
        new RestoreTableToPointInTimeCommand({ SourceTableName: 'live', TargetTableName, RestoreDateTime }),
      );
    expect((await refusalOf(restore(new Date(clock.nowMs()), 'never'))).code).toBe(
      'PointInTimeRecoveryUnavailableException',
    );
    await put('live', 'old', '0');
    clock.advance(10_000);
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'live',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const history = new Map<number, readonly string[]>();
    const note = async () => {
      history.set(clock.nowMs(), await itemsOf('live'));
      clock.advance(10_000);
    };
    await note();
    await put('live', 'a', '1');
    await note();
    await put('live', 'a', '2');
    await put('live', 'old', '1');
    await note();
    await client.send(new DeleteItemCommand({ TableName: 'live', Key: { pk: { S: 'a' } } }));
    await put('live', 'b', '1');
    await note();
    for (const [atMs, items] of history) {
      const name = `at-${atMs}`;
      await restore(new Date(atMs), name);
      await expect.poll(() => statusOf(name)).toBe('ACTIVE');
      expect(await itemsOf(name)).toEqual(items);
    }
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: 'live' }),
    );
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
    });
    const tooEarly = restore(new Date(clock.nowMs() - 3_600_000), 'early');
    expect((await refusalOf(tooEarly)).code).toBe('InvalidRestoreTimeException');
  });
});
