// A subscription filter with a role that IAM keeps, across a restart of the plane.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore, type Store } from '@pergola/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startAwsPlane } from '../src/index.ts';

let path: string;
let store: Store;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-subscription-'));
  store = openStore({ path: join(path, 'store'), durability: 'ephemeral' });
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(path, { recursive: true, force: true });
});

async function start() {
  const plane = await startAwsPlane({
    store,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    dataDir: path,
    port: 0,
  });
  const config = {
    region: 'us-east-1',
    endpoint: plane.url,
    credentials: { ...plane.administrator },
    forcePathStyle: true,
  };
  const [logs, iam, s3] = [new CloudWatchLogsClient(config), new IAMClient(config), new S3Client(config)];
  const close = async () => {
    for (const client of [logs, iam, s3]) client.destroy();
    await plane[Symbol.asyncDispose]();
  };
  return { logs, iam, s3, close };
}

const logGroupName = 'app';
const Bucket = 'archive';

function put(logs: CloudWatchLogsClient, message: string) {
  const logEvents = [{ timestamp: Date.now(), message }];
  return logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
}

async function delivered(s3: S3Client): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const texts = Contents.map(async ({ Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const { logStream, logEvents } = JSON.parse(
      gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString(),
    ) as { logStream: string; logEvents: { message: string }[] };
    return logStream === '' ? [] : logEvents.map(({ message }) => message);
  });
  return (await Promise.all(texts)).flat();
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}

it('a subscription goes on after a restart, with the role that IAM keeps', async () => {
  const first = await start();
  const role = await first.iam.send(
    new CreateRoleCommand({
      RoleName: 'archiver',
      AssumeRolePolicyDocument: policy({
        Principal: { Service: 'logs.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    }),
  );
  await first.iam.send(
    new PutRolePolicyCommand({
      RoleName: 'archiver',
      PolicyName: 'write',
      PolicyDocument: policy({ Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*` }),
    }),
  );
  await first.s3.send(new CreateBucketCommand({ Bucket }));
  await first.logs.send(new CreateLogGroupCommand({ logGroupName }));
  await first.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
  await first.logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName,
      filterName: 'f',
      filterPattern: '',
      destinationArn: `arn:aws:s3:::${Bucket}`,
      roleArn: role.Role?.Arn,
    }),
  );
  await put(first.logs, 'one');
  await expect.poll(() => delivered(first.s3), { timeout: 10_000 }).toEqual(['one']);
  // Whether it is delivered before the end or after it: it is.
  await put(first.logs, 'two');
  await first.close();

  const second = await start();
  await expect.poll(() => delivered(second.s3), { timeout: 10_000 }).toEqual(['one', 'two']);
  await put(second.logs, 'three');
  await expect.poll(() => delivered(second.s3), { timeout: 10_000 }).toEqual(['one', 'two', 'three']);
  await second.close();
});
