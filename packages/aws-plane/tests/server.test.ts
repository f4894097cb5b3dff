// The endpoint as `startAwsPlane` starts it: its administrator, its restart, its port.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore, type Store } from '@pergola/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsPlane, type AwsPlaneOptions, startAwsPlane } from '../src/index.ts';

let path: string;
let store: Store;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-server-'));
  store = openStore({ path: join(path, 'store'), durability: 'ephemeral' });
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(path, { recursive: true, force: true });
});

const start = (more: Partial<AwsPlaneOptions> = {}) =>
  startAwsPlane({
    store,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    dataDir: path,
    port: 0,
    ...more,
  });
const clientOf = (plane: AwsPlane, more: object = {}) => ({
  region: 'us-east-1',
  endpoint: plane.url,
  // A copy: the SDK writes into the object that it is given.
  credentials: { ...plane.administrator },
  forcePathStyle: true,
  ...more,
});

describe('startAwsPlane', () => {
  it('makes an administrator once, who may do everything', async () => {
    let plane = await start({ account: '111122223333' });
    const { administrator } = plane;
    expect(administrator.arn).toBe('arn:aws:iam::111122223333:user/admin');
    const identity = await new STSClient(clientOf(plane)).send(new GetCallerIdentityCommand());
    expect(identity).toMatchObject({ Account: '111122223333', Arn: administrator.arn });
    await new S3Client(clientOf(plane)).send(new CreateBucketCommand({ Bucket: 'kept' }));
    await plane[Symbol.asyncDispose]();

    plane = await start({ account: '111122223333' });
    expect(plane.administrator).toEqual(administrator);
    const { Buckets } = await new S3Client(clientOf(plane)).send(new ListBucketsCommand());
    expect(Buckets?.map((each) => each.Name)).toEqual(['kept']);
    expect(plane.records.list({ limit: 1 })[0]).toMatchObject({
      operation: 'ListBuckets',
      principal: administrator.arn,
    });
    await plane[Symbol.asyncDispose]();
  });

  it('takes the keys it is given', async () => {
    const administrator = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };
    await using plane = await start({ administrator });
    expect(plane.administrator).toMatchObject(administrator);
    await new STSClient(clientOf(plane)).send(new GetCallerIdentityCommand());
  });

  it('says when the port is taken', async () => {
    await using plane = await start();
    await expect(start({ port: plane.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
