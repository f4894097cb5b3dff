import { gunzipSync } from 'node:zlib';
import {
  CancelExportTaskCommand,
  type CloudWatchLogsClient,
  CreateExportTaskCommand,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeExportTasksCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, adminKey, refusalOf, secretAccessKey } from './plane.ts';

const HOUR_MS = 3_600_000;
const logGroupName = '/export/me';
const bucket = 'exports';

let plane: LogsPlane;
let client: CloudWatchLogsClient;
let s3: S3Client;
const now = Date.now();

beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
  s3 = new S3Client({
    region: 'us-east-1',
    endpoint: plane.test.url,
    forcePathStyle: true,
    credentials: { accessKeyId: adminKey, secretAccessKey },
  });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  const events: Record<string, { timestamp: number; message: string }[]> = {
    'web/1': [-3, -2, -1].map((n) => ({ timestamp: now + n * HOUR_MS, message: `web ${n} ü` })),
    empty: [],
    worker: [{ timestamp: now - 2 * HOUR_MS, message: 'worker' }],
  };
  for (const [logStreamName, logEvents] of Object.entries(events)) {
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    if (logEvents.length > 0)
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
});
afterAll(async () => {
  s3.destroy();
  await plane[Symbol.asyncDispose]();
});

/** The policy of AWS's guide for exports; `changes` to the statement about writing. */
const setPolicy = (changes: object = {}) =>
  s3.send(
    new PutBucketPolicyCommand({
      Bucket: bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'logs.us-east-1.amazonaws.com' },
            Action: 's3:GetBucketAcl',
            Resource: `arn:aws:s3:::${bucket}`,
            Condition: { StringEquals: { 'aws:SourceAccount': [account] } },
          },
          {
            Effect: 'Allow',
            Principal: { Service: 'logs.us-east-1.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: `arn:aws:s3:::${bucket}/*`,
            Condition: {
              StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': [account] },
              ArnLike: { 'aws:SourceArn': [`arn:aws:logs:us-east-1:${account}:log-group:*`] },
            },
            ...changes,
          },
        ],
      }),
    }),
  );

const start = (input: object = {}) =>
  client.send(
    new CreateExportTaskCommand({
      logGroupName,
      from: now - 2 * HOUR_MS,
      to: now,
      destination: bucket,
      ...input,
    }),
  );
const taskOf = async (taskId: string | undefined) =>
  (await client.send(new DescribeExportTasksCommand({ taskId }))).exportTasks?.[0];
const textOf = async (key: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString();
};

describe('exports', () => {
  it('need a bucket that lets CloudWatch Logs in', async () => {
    const failed = (operation: string) => ({
      code: 'InvalidParameterException',
      message: `${operation} call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.`,
    });
    expect(await refusalOf(start())).toMatchObject(failed('GetBucketAcl'));
    await setPolicy({ Resource: `arn:aws:s3:::${bucket}/elsewhere/*` });
    expect(await refusalOf(start())).toMatchObject(failed('PutObject'));
    expect((await refusalOf(start({ destination: 'no-such-bucket' }))).code).toBe(
      'InvalidParameterException',
    );
    expect((await refusalOf(start({ to: 1 }))).code).toBe('InvalidParameterException');
    const [denied] = plane.test.records.list({
      limit: 10,
      failedOnly: true,
      principal: 'logs.us-east-1.amazonaws.com',
    });
    expect(denied).toMatchObject({ service: 's3' });
  });

  it('write the lines of each stream, compressed, where AWS writes them', async () => {
    await setPolicy();
    const { taskId } = await start({ taskName: 'mine', destinationPrefix: 'logs' });
    await expect.poll(async () => (await taskOf(taskId))?.status?.code).toBe('COMPLETED');
    expect(await taskOf(taskId)).toMatchObject({
      taskId,
      taskName: 'mine',
      logGroupName,
      from: now - 2 * HOUR_MS,
      to: now,
      destination: bucket,
      destinationPrefix: 'logs',
      executionInfo: { creationTime: expect.any(Number), completionTime: expect.any(Number) },
    });
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(
      [
        `logs/${taskId}/web-1/000000.gz`,
        `logs/${taskId}/worker/000000.gz`,
        'logs/aws-logs-write-test',
      ].sort(),
    );
    const line = (n: number) => `${new Date(now + n * HOUR_MS).toISOString()} web ${n} ü\n`;
    expect(await textOf(`logs/${taskId}/web-1/000000.gz`)).toBe(line(-2) + line(-1));
  });

  it('take a part of the streams, and end once', async () => {
    const { taskId } = await start({ logStreamNamePrefix: 'wor' });
    await expect.poll(async () => (await taskOf(taskId))?.status?.code).toBe('COMPLETED');
    const listed = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `exportedlogs/${taskId}` }),
    );
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual([`exportedlogs/${taskId}/worker/000000.gz`]);
    const cancel = (id = '') => client.send(new CancelExportTaskCommand({ taskId: id }));
    expect((await refusalOf(cancel(taskId))).code).toBe('InvalidOperationException');
    expect((await refusalOf(cancel('absent'))).code).toBe('ResourceNotFoundException');
  });

  it('keep the events of streams that have the same folder', async () => {
    const likeMe = '/export/alike';
    await client.send(new CreateLogGroupCommand({ logGroupName: likeMe }));
    for (const logStreamName of ['a-b', 'a/b']) {
      await client.send(new CreateLogStreamCommand({ logGroupName: likeMe, logStreamName }));
      const logEvents = [{ timestamp: now - 1, message: logStreamName }];
      await client.send(new PutLogEventsCommand({ logGroupName: likeMe, logStreamName, logEvents }));
    }
    const { taskId } = await start({ logGroupName: likeMe });
    await expect.poll(async () => (await taskOf(taskId))?.status?.code).toBe('COMPLETED');
    const texts = [0, 1].map((n) => textOf(`exportedlogs/${taskId}/a-b/00000${n}.gz`));
    const lines = (await Promise.all(texts)).map((text) => text.trim().split(' ')[1]);
    expect(lines).toEqual(['a-b', 'a/b']);
  });

  it('fail when the bucket shuts them out on the way', async () => {
    await setPolicy({ Resource: `arn:aws:s3:::${bucket}/exportedlogs/aws-logs-write-test` });
    const { taskId } = await start();
    await expect.poll(async () => (await taskOf(taskId))?.status?.code).toBe('FAILED');
    expect((await taskOf(taskId))?.status?.message).toContain('AccessDenied');
  });
});
