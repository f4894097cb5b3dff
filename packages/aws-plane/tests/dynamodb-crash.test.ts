import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { expect, it } from 'vitest';
import { connection, makeTable, startDynamoPlane } from './dynamodb-plane.ts';

const TableName = 'crashed';
const LANES = 8;

async function makeCrashedTable(path: string): Promise<void> {
  await using plane = await startDynamoPlane({ path });
  await makeTable(plane.client(), TableName, {
    sort: true,
    attributes: [{ AttributeName: 'lane', AttributeType: 'S' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-lane',
        KeySchema: [{ AttributeName: 'lane', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  });
}

interface Written {
  readonly lane: number;
  readonly n: number;
}

/** Kills the writer when it has had so many answers. */
async function writeUntilKilled(path: string): Promise<readonly Written[]> {
  const writer = fork(join(import.meta.dirname, 'dynamodb-crash-writer.ts'), [path], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const acknowledged: Written[] = [];
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  writer.on('message', (written: Written) => {
    acknowledged.push(written);
    if (acknowledged.length === 300) writer.kill('SIGKILL');
  });
  await ended;
  return acknowledged;
}

async function sortsOf(client: DynamoDBClient, lane: number, index?: string): Promise<readonly string[]> {
  const found: string[] = [];
  const input = {
    TableName,
    IndexName: index,
    KeyConditionExpression: index ? 'lane = :v' : 'pk = :v',
    ExpressionAttributeValues: { ':v': { S: index ? `lane-${lane}` : `${lane}` } },
  };
  for await (const page of paginateQuery({ client }, input))
    for (const item of page.Items ?? []) found.push(item['sk']?.S ?? '');
  return found;
}

async function countRecords(url: string, StreamArn: string | undefined): Promise<number> {
  const streams = new DynamoDBStreamsClient(connection(url));
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const first = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  let [count, ShardIterator] = [0, first.ShardIterator];
  for (;;) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
    if (!page.Records?.length) break;
    count += page.Records.length;
    ShardIterator = page.NextShardIterator;
  }
  streams.destroy();
  return count;
}

it('keeps every acknowledged item over kill -9, with its index entry, its stream record and its size', async () => {
  const path = mkdtempSync(join(tmpdir(), 'pergola-dynamodb-crash-'));
  try {
    await makeCrashedTable(path);
    const acknowledged = await writeUntilKilled(path);
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);

    await using plane = await startDynamoPlane({ path });
    const client = plane.client();
    let items = 0;
    for (let lane = 0; lane < LANES; lane++) {
      const sorts = await sortsOf(client, lane);
      const own = acknowledged.filter((written) => written.lane === lane);
      // Each lane writes one after the other: all before the last acknowledged one, and at most one behind it.
      expect(sorts).toEqual(sorts.map((_, n) => String(n).padStart(6, '0')));
      expect(sorts.length - own.length).toBeGreaterThanOrEqual(0);
      expect(new Set(await sortsOf(client, lane, 'by-lane'))).toEqual(new Set(sorts));
      items += sorts.length;
    }
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.ItemCount).toBe(items);
    expect(Table?.GlobalSecondaryIndexes?.[0]?.ItemCount).toBe(items);
    expect(await countRecords(plane.test.url, Table?.LatestStreamArn)).toBe(items);
  } finally {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  }
});
