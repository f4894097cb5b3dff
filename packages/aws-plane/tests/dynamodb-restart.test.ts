// What the end of a plane interrupted is taken up by the next one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListBackupsCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dynamoOf } from '../src/services/dynamodb/dynamo-context.ts';
import { putBackup } from '../src/services/dynamodb/backups/backup-state.ts';
import { indexPrefix, itemPrefix, behind } from '../src/services/dynamodb/storage/layout.ts';
import type { TableRecord } from '../src/services/dynamodb/tables/table-record.ts';
import { deleteTable, findTable, putTable } from '../src/services/dynamodb/tables/table-state.ts';
import { type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { account } from './plane.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-dynamodb-restart-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));

const at = { account, region: 'us-east-1', name: 'kept' };

/** Runs a plane in which a table of 30 items is made, and changes its state as it might be left by an end. */
async function leave(
  change: (plane: DynamoPlane, record: TableRecord) => Promise<unknown>,
): Promise<TableRecord> {
  await using plane = await startDynamoPlane({ path });
  const client = plane.client();
  await makeTable(client, at.name);
  for (let n = 0; n < 30; n++)
    await client.send(
      new PutItemCommand({
        TableName: at.name,
        Item: { pk: { S: `${n}` }, colour: { S: 'red' }, due: { N: '1' } },
      }),
    );
  const record = findTable(plane.test.plane.store, at)?.record;
  if (!record) throw new Error('no table');
  await change(plane, record);
  return record;
}

it('an index that was being filled', async () => {
  await leave(({ test }, record) =>
    test.plane.store.transact((tx) =>
      putTable(tx, {
        ...record,
        attributes: [...record.attributes, { name: 'colour', type: 'S' }],
        globalIndexes: [
          { name: 'by-colour', key: '0a0b0c0d', partition: 'colour', projection: 'ALL', status: 'CREATING' },
        ],
      }),
    ),
  );
  await using plane = await startDynamoPlane({ path });
  const client = plane.client();
  const table = async () => (await client.send(new DescribeTableCommand({ TableName: at.name }))).Table;
  await expect.poll(async () => (await table())?.GlobalSecondaryIndexes?.[0]?.IndexStatus).toBe('ACTIVE');
  const { Count } = await client.send(
    new QueryCommand({
      TableName: at.name,
      IndexName: 'by-colour',
      KeyConditionExpression: 'colour = :c',
      ExpressionAttributeValues: { ':c': { S: 'red' } },
    }),
  );
  expect(Count).toBe(30);
});

it('the data of tables that are gone, and half of a backup', async () => {
  const record = await leave(({ test }, table) =>
    test.plane.store.transact((tx) => {
      deleteTable(tx, at);
      putBackup(tx, {
        id: '00000000000001-00000000',
        key: '0011223344556677',
        name: 'half',
        createdMs: 1,
        bytes: 0,
        items: 0,
        ready: false,
        table,
      });
    }),
  );
  await using plane = await startDynamoPlane({ path });
  const { bytes } = dynamoOf(plane.test.plane);
  const from = itemPrefix(record.key);
  expect(bytes.count({ from, to: behind(from) })).toBe(0);
  expect((await plane.client().send(new ListBackupsCommand({}))).BackupSummaries).toEqual([]);
});

it('a time to live that was being set up, which leaves alone what has been due for years', async () => {
  await leave(({ test }, record) =>
    test.plane.store.transact((tx) =>
      putTable(tx, { ...record, expiry: { attribute: 'due', key: '0e0e0e0e', filling: true } }),
    ),
  );
  await using plane = await startDynamoPlane({ path });
  const client = plane.client();
  const record = () => findTable(plane.test.plane.store, at)?.record;
  await expect.poll(() => record()?.expiry?.filling).toBeUndefined();
  const entries = indexPrefix(record()?.key ?? '', '0e0e0e0e');
  expect(dynamoOf(plane.test.plane).bytes.count({ from: entries, to: behind(entries) })).toBe(30);
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: at.name }));
  expect(TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED');
  const { Item } = await client.send(new GetItemCommand({ TableName: at.name, Key: { pk: { S: '1' } } }));
  expect(Item).toBeDefined();
});
