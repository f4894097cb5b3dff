// Restores whose source changes or goes while they wait for other work.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBackupCommand,
  DeleteBackupCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { fakeClock } from '@pergola/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamoOf } from '../src/services/dynamodb/dynamo-context.ts';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { refusalOf } from './plane.ts';

const clock = fakeClock(Date.now());
let plane: DynamoPlane;
let client: DynamoDBClient;

beforeAll(async () => {
  plane = await startDynamoPlane({ clock });
  client = plane.client();
});

afterAll(() => plane[Symbol.asyncDispose]());

/** Keeps the background busy until the function that it gives is called. */
function hold({ test }: DynamoPlane): () => void {
  const held = new AbortController();
  const { signal } = held;
  void dynamoOf(test.plane).chores.run('hold the background', async () => {
    if (!signal.aborted) await once(signal, 'abort');
  });
  return () => held.abort();
}

const put = (TableName: string, pk: string) =>
  client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));
const recover = (TableName: string, PointInTimeRecoveryEnabled: boolean, by = client) =>
  by.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
    }),
  );
const restoreNow = (SourceTableName: string, TargetTableName: string, by = client) =>
  by.send(
    new RestoreTableToPointInTimeCommand({ SourceTableName, TargetTableName, UseLatestRestorableTime: true }),
  );
const statusOf = async (TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
const keysOf = async (TableName: string) =>
  (await client.send(new ScanCommand({ TableName }))).Items?.map(({ pk }) => pk?.S).sort();

it('have the items of a table that is deleted before they begin', async () => {
  await makeTable(client, 'going');
  await recover('going', true);
  await put('going', 'a');
  const release = hold(plane);
  await restoreNow('going', 'saved');
  await client.send(new DeleteTableCommand({ TableName: 'going' }));
  release();
  await expect.poll(() => statusOf('saved')).toBe('ACTIVE');
  expect(await keysOf('saved')).toEqual(['a']);
});

it('know the changes since recovery was enabled again, though the older ones are not forgotten yet', async () => {
  await makeTable(client, 'again');
  await recover('again', true);
  await put('again', 'a');
  const release = hold(plane);
  await recover('again', false);
  clock.advance(1_000);
  await recover('again', true);
  const RestoreDateTime = new Date(clock.nowMs());
  clock.advance(1_000);
  await put('again', 'b');
  release();
  const restore = { SourceTableName: 'again', TargetTableName: 'before-b', RestoreDateTime };
  await client.send(new RestoreTableToPointInTimeCommand(restore));
  await expect.poll(() => statusOf('before-b')).toBe('ACTIVE');
  expect(await keysOf('before-b')).toEqual(['a']);
});

it('keep their backup', async () => {
  await makeTable(client, 'kept');
  await put('kept', 'a');
  const { BackupDetails: backup } = await client.send(
    new CreateBackupCommand({ TableName: 'kept', BackupName: 'one' }),
  );
  const BackupArn = backup?.BackupArn;
  const ready = async () =>
    (await client.send(new DescribeBackupCommand({ BackupArn }))).BackupDescription?.BackupDetails
      ?.BackupStatus;
  await expect.poll(ready).toBe('AVAILABLE');
  const release = hold(plane);
  await client.send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName: 'kept-again' }));
  expect(await refusalOf(client.send(new DeleteBackupCommand({ BackupArn })))).toMatchObject({
    code: 'BackupInUseException',
  });
  release();
  await expect.poll(() => statusOf('kept-again')).toBe('ACTIVE');
  await client.send(new DeleteBackupCommand({ BackupArn }));
  expect(await keysOf('kept-again')).toEqual(['a']);
});

it('end without a table when the plane ended, and the source is not there any more', async () => {
  const path = mkdtempSync(join(tmpdir(), 'pergola-restores-'));
  try {
    {
      await using first = await startDynamoPlane({ path });
      const before = first.client();
      await makeTable(before, 'gone');
      await recover('gone', true, before);
      const release = hold(first);
      await restoreNow('gone', 'half', before);
      await before.send(new DeleteTableCommand({ TableName: 'gone' }));
      dynamoOf(first.test.plane)
        .chores.close()
        .catch(() => undefined);
      release();
    }
    await using second = await startDynamoPlane({ path });
    const describe = second.client().send(new DescribeTableCommand({ TableName: 'half' }));
    expect(await refusalOf(describe)).toMatchObject({ code: 'ResourceNotFoundException' });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
