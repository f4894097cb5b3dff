import {
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { type FakeClock, fakeClock } from '@pergola/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connection, type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { refusalOf } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
let streams: DynamoDBStreamsClient;
let clock: FakeClock;
beforeAll(async () => {
  clock = fakeClock(Date.now());
  plane = await startDynamoPlane({ clock });
  client = plane.client();
  streams = new DynamoDBStreamsClient(connection(plane.test.url));
});
afterAll(async () => {
  streams.destroy();
  await plane[Symbol.asyncDispose]();
});

const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;
const streamOf = async (TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn;

async function iterator(StreamArn: string | undefined, input: Partial<GetShardIteratorCommandInput> = {}) {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const found = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON', ...input }),
  );
  return found.ShardIterator;
}

async function records(StreamArn: string | undefined, input = {}): Promise<_Record[]> {
  const found = await streams.send(
    new GetRecordsCommand({ ShardIterator: await iterator(StreamArn, input) }),
  );
  return found.Records ?? [];
}

describe('streams', () => {
  it('tell every change once, in order, with what was and is', async () => {
    await makeTable(client, 'watched', { StreamSpecification });
    const TableName = 'watched';
    const Key = { pk: { S: 'a' } };
    const set = (value: string) =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'SET v = :v',
          ExpressionAttributeValues: { ':v': { B: Buffer.from(value) } },
        }),
      );
    await set('1');
    await set('2');
    await set('2');
    await client.send(new DeleteItemCommand({ TableName, Key }));
    await client.send(new DeleteItemCommand({ TableName, Key }));
    const arn = await streamOf(TableName);
    const found = await records(arn);
    expect(found.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(found[1]).toMatchObject({
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: { Keys: Key, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    const image = (value: string) => ({ ...Key, v: { B: new Uint8Array(Buffer.from(value)) } });
    expect(found[1]?.dynamodb?.OldImage).toEqual(image('1'));
    expect(found[1]?.dynamodb?.NewImage).toEqual(image('2'));
    const numbers = found.map((record) => record.dynamodb?.SequenceNumber ?? '');
    expect([...numbers].sort()).toEqual(numbers);
    const after = await records(arn, {
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: numbers[1],
    });
    expect(after.map(({ eventName }) => eventName)).toEqual(['REMOVE']);
    expect(await records(arn, { ShardIteratorType: 'LATEST' })).toEqual([]);
  });

  it('end when they are disabled, and stay readable', async () => {
    await makeTable(client, 'ended', { StreamSpecification });
    await client.send(new PutItemCommand({ TableName: 'ended', Item: { pk: { S: 'a' } } }));
    const arn = await streamOf('ended');
    await client.send(
      new UpdateTableCommand({ TableName: 'ended', StreamSpecification: { StreamEnabled: false } }),
    );
    await client.send(new PutItemCommand({ TableName: 'ended', Item: { pk: { S: 'b' } } }));
    const { Streams } = await streams.send(new ListStreamsCommand({ TableName: 'ended' }));
    expect(Streams).toHaveLength(1);
    const page = await streams.send(new GetRecordsCommand({ ShardIterator: await iterator(arn) }));
    expect(page.Records).toHaveLength(1);
    expect(page.NextShardIterator).toBeUndefined();
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
    expect(StreamDescription).toMatchObject({
      StreamStatus: 'DISABLED',
      Shards: [{ SequenceNumberRange: { EndingSequenceNumber: expect.any(String) } }],
    });
  });

  it('refuse what is no iterator, and one that is too old', async () => {
    const broken = streams.send(new GetRecordsCommand({ ShardIterator: 'arn|1|xx' }));
    expect((await refusalOf(broken)).code).toBe('ValidationException');
    const [arn, version, token = ''] = (await iterator(await streamOf('watched')))?.split('|') ?? [];
    const position = JSON.parse(Buffer.from(token, 'base64').toString()) as { givenMs: number };
    const old = JSON.stringify({ ...position, givenMs: position.givenMs - 16 * 60_000 });
    const ShardIterator = `${arn}|${version}|${Buffer.from(old).toString('base64')}`;
    const late = streams.send(new GetRecordsCommand({ ShardIterator }));
    expect((await refusalOf(late)).code).toBe('ExpiredIteratorException');
  });
});

describe('expiry', () => {
  it('deletes what is due, and says in the stream who did', async () => {
    const TableName = 'expiring';
    await makeTable(client, TableName, { StreamSpecification });
    const nowSeconds = Math.floor(clock.nowMs() / 1_000);
    const put = (pk: string, due: number) =>
      client.send(
        new PutItemCommand({ TableName, Item: { pk: { S: pk }, due: { N: String(nowSeconds + due) } } }),
      );
    await put('before', -60);
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'due' },
      }),
    );
    await put('soon', 2);
    await put('late', 3_600);
    await put('moved', 2);
    await put('moved', 3_600);
    const exists = async (pk: string) => {
      clock.advance(1_000);
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }));
      return Item !== undefined;
    };
    await expect.poll(() => exists('before')).toBe(false);
    await expect.poll(() => exists('soon')).toBe(false);
    expect([await exists('late'), await exists('moved')]).toEqual([true, true]);
    const removed = (await records(await streamOf(TableName))).filter(
      ({ eventName }) => eventName === 'REMOVE',
    );
    expect(new Set(removed.map((record) => record.dynamodb?.Keys?.['pk']?.S))).toEqual(
      new Set(['before', 'soon']),
    );
    for (const { userIdentity } of removed)
      expect(userIdentity).toEqual({ PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' });
  });
});
