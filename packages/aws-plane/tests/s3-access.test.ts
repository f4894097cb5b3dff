import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { account, otherAccount, type S3Plane, startS3 } from './s3-plane.ts';

const Bucket = 'access';
const bucketArn = `arn:aws:s3:::${Bucket}`;
let s3: S3Plane;
let admin: S3Client;
let reader: S3Client;
let stranger: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  admin = s3.client('administrator');
  reader = s3.client('reader');
  stranger = s3.client('stranger');
  await admin.send(new CreateBucketCommand({ Bucket }));
  for (const Key of ['logs/1', 'logs/2', 'secret'])
    await admin.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  await admin.send(new PutObjectCommand({ Bucket, Key: 'tagged', Body: 'x', Tagging: 'open=yes' }));
});
afterAll(() => s3[Symbol.asyncDispose]());
beforeEach(() =>
  s3.setPolicy('reader', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::other/*' }]),
);

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('must fail'),
    (error) => error,
  );
const get = (from: S3Client, Key: string) => from.send(new GetObjectCommand({ Bucket, Key }));
const putPolicy = (...statements: object[]) =>
  admin.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
  );
const anonymously = (path: string) => fetch(`${s3.url}/${Bucket}/${path}`);

describe('identity policies', () => {
  it('deny in the words of AWS', async () => {
    expect(await failure(get(reader, 'logs/1'))).toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${account}:user/reader is not authorized to perform: s3:GetObject on resource: "${bucketArn}/logs/1" because no identity-based policy allows the s3:GetObject action`,
      $metadata: { httpStatusCode: 403 },
    });
    expect(await failure(reader.send(new CreateBucketCommand({ Bucket: 'not-mine' })))).toMatchObject({
      message: expect.stringContaining('s3:CreateBucket on resource: "arn:aws:s3:::not-mine" because'),
    });
    expect(await failure(reader.send(new ListBucketsCommand()))).toMatchObject({ name: 'AccessDenied' });
  });

  it('bind a listing to its prefix', async () => {
    s3.setPolicy('reader', [
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: bucketArn,
        Condition: { StringLike: { 's3:prefix': 'logs/*' } },
      },
    ]);
    const list = (Prefix?: string) => reader.send(new ListObjectsV2Command({ Bucket, Prefix }));
    expect((await list('logs/')).KeyCount).toBe(2);
    expect(await failure(list())).toMatchObject({ name: 'AccessDenied' });
    expect(await failure(list('sec'))).toMatchObject({ name: 'AccessDenied' });
  });

  it('tell a missing key only to those who may list', async () => {
    const allow = (...Action: string[]) =>
      s3.setPolicy('reader', [{ Effect: 'Allow', Action, Resource: [bucketArn, `${bucketArn}/*`] }]);
    allow('s3:GetObject');
    expect(await failure(get(reader, 'missing'))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:ListBucket'),
    });
    const head = (Key: string) => reader.send(new HeadObjectCommand({ Bucket, Key }));
    expect((await failure(head('missing'))).$metadata.httpStatusCode).toBe(403);
    allow('s3:GetObject', 's3:ListBucket');
    expect(await failure(get(reader, 'missing'))).toMatchObject({ name: 'NoSuchKey' });
    expect((await failure(head('missing'))).$metadata.httpStatusCode).toBe(404);
  });

  it('may look at the tags of the object', async () => {
    s3.setPolicy('reader', [
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: `${bucketArn}/*`,
        Condition: { StringEquals: { 's3:ExistingObjectTag/open': 'yes' } },
      },
    ]);
    await get(reader, 'tagged');
    expect(await failure(get(reader, 'secret'))).toMatchObject({ name: 'AccessDenied' });
  });

  it('must allow the tags that come along with a copy', async () => {
    const copy = (more: object = {}) =>
      reader.send(
        new CopyObjectCommand({ Bucket, Key: 'copies/tagged', CopySource: `${Bucket}/tagged`, ...more }),
      );
    const may = (...Action: string[]) =>
      s3.setPolicy('reader', [{ Effect: 'Allow', Action, Resource: `${bucketArn}/*` }]);
    may('s3:GetObject', 's3:PutObject');
    expect(await failure(copy())).toMatchObject({ message: expect.stringContaining('s3:GetObjectTagging') });
    may('s3:GetObject', 's3:PutObject', 's3:GetObjectTagging');
    expect(await failure(copy())).toMatchObject({ message: expect.stringContaining('s3:PutObjectTagging') });
    await copy({ TaggingDirective: 'REPLACE' });
    may('s3:GetObject', 's3:PutObject', 's3:*ObjectTagging');
    await copy();
  });

  it('may keep tags from being changed by the tags that are there', async () => {
    const whenOpen = { StringEquals: { 's3:ExistingObjectTag/open': 'yes' } };
    s3.setPolicy('reader', [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      { Effect: 'Deny', Action: 's3:PutObjectTagging', Resource: '*', Condition: whenOpen },
    ]);
    const Tagging = { TagSet: [{ Key: 'open', Value: 'no' }] };
    const tag = (Key: string) => reader.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging }));
    expect(await failure(tag('tagged'))).toMatchObject({ name: 'AccessDenied' });
    await tag('logs/2');
  });

  it('must allow both ends of a copy', async () => {
    const copy = (key: string) =>
      reader.send(new CopyObjectCommand({ Bucket, Key: 'copies/1', CopySource: `${Bucket}/${key}` }));
    s3.setPolicy('reader', [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucketArn}/logs/*` },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: `${bucketArn}/copies/*` },
    ]);
    await copy('logs/1');
    expect(await failure(copy('secret'))).toMatchObject({ message: expect.stringContaining('s3:GetObject') });
    s3.setPolicy('reader', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucketArn}/*` }]);
    expect(await failure(copy('logs/1'))).toMatchObject({ message: expect.stringContaining('s3:PutObject') });
  });

  it('are asked for every key of DeleteObjects', async () => {
    for (const Key of ['mine/1', 'yours/1'])
      await admin.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    s3.setPolicy('reader', [{ Effect: 'Allow', Action: 's3:DeleteObject', Resource: `${bucketArn}/mine/*` }]);
    const answer = await reader.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'mine/1' }, { Key: 'yours/1' }] } }),
    );
    expect(answer.Deleted).toEqual([{ Key: 'mine/1' }]);
    expect(answer.Errors).toMatchObject([
      { Key: 'yours/1', Code: 'AccessDenied', Message: expect.stringContaining('s3:DeleteObject') },
    ]);
    await get(admin, 'yours/1');
  });
});

describe('bucket policies', () => {
  it('are kept as they were written', async () => {
    expect(await failure(admin.send(new GetBucketPolicyCommand({ Bucket })))).toMatchObject({
      name: 'NoSuchBucketPolicy',
      BucketName: Bucket,
    });
    const Policy = `{ "Version":"2012-10-17",  "Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"${bucketArn}/secret"}]}`;
    await admin.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await admin.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    expect(await failure(get(admin, 'secret'))).toMatchObject({
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
    await admin.send(new DeleteBucketPolicyCommand({ Bucket }));
    await get(admin, 'secret');
  });

  it('let users in who have no policy of their own', async () => {
    await putPolicy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:user/reader` },
      Action: 's3:GetObject',
      Resource: `${bucketArn}/logs/*`,
    });
    await get(reader, 'logs/1');
    expect(await failure(get(reader, 'secret'))).toMatchObject({ name: 'AccessDenied' });
  });

  it('let other accounts in, which without one are shut out and told nothing', async () => {
    await admin.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await failure(get(stranger, 'logs/1'))).toMatchObject({
      name: 'AccessDenied',
      message: 'Access Denied',
    });
    await putPolicy({
      Effect: 'Allow',
      Principal: { AWS: otherAccount },
      Action: 's3:GetObject',
      Resource: `${bucketArn}/logs/*`,
    });
    await get(stranger, 'logs/1');
    expect(
      await failure(
        stranger.send(new GetObjectCommand({ Bucket, Key: 'logs/1', ExpectedBucketOwner: otherAccount })),
      ),
    ).toMatchObject({ name: 'AccessDenied' });
  });

  it('are refused when they are no policy for this bucket', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: account },
      Action: 's3:GetObject',
      Resource: `${bucketArn}/*`,
    };
    const put = (Policy: string) => failure(admin.send(new PutBucketPolicyCommand({ Bucket, Policy })));
    expect(await put('nonsense')).toMatchObject({
      name: 'MalformedPolicy',
      $metadata: { httpStatusCode: 400 },
    });
    const malformed = { name: 'MalformedPolicy' };
    expect(await failure(putPolicy({ ...statement, Resource: 'arn:aws:s3:::another/*' }))).toMatchObject({
      ...malformed,
      message: 'Policy has invalid resource',
    });
    expect(
      await failure(putPolicy({ ...statement, Principal: { AWS: `arn:aws:iam::${account}:user/nobody` } })),
    ).toMatchObject({ ...malformed, message: 'Invalid principal in policy' });
    expect(await failure(putPolicy({ ...statement, Resource: bucketArn }))).toMatchObject({
      ...malformed,
      message: 'Action does not apply to any resource(s) in statement',
    });
    expect(await failure(putPolicy({ ...statement, Principal: undefined }))).toMatchObject(malformed);
  });
});

describe('public buckets', () => {
  const everyone = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `${bucketArn}/logs/*`,
  };
  const isPublic = async () =>
    (await admin.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic;

  it('need the public access block removed first', async () => {
    expect(await failure(putPolicy(everyone))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        'because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
      ),
    });
    expect((await anonymously('logs/1')).status).toBe(403);
    await admin.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await putPolicy(everyone);
    expect(await isPublic()).toBe(true);
    const answer = await anonymously('logs/1');
    expect([answer.status, await answer.text()]).toEqual([200, 'logs/1']);
    expect((await anonymously('secret')).status).toBe(403);
    expect((await anonymously('logs/missing')).status).toBe(403);
    expect(await (await anonymously('secret')).text()).toContain('<Code>AccessDenied</Code>');
    await get(stranger, 'logs/1');
  });

  it('are found by the host name that an issuer has', async () => {
    const { port } = new URL(s3.url);
    const { request } = await import('node:http');
    const body = await new Promise<string>((resolve, reject) => {
      request({
        host: '127.0.0.1',
        port,
        path: '/logs/1',
        headers: { host: `${Bucket}.s3.us-east-1.amazonaws.com` },
      })
        .on('response', (response) => response.setEncoding('utf8').once('data', resolve))
        .on('error', reject)
        .end();
    });
    expect(body).toBe('logs/1');
  });

  it('are closed to outsiders again by RestrictPublicBuckets', async () => {
    await admin.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
      }),
    );
    expect((await anonymously('logs/1')).status).toBe(403);
    expect(await failure(get(stranger, 'logs/1'))).toMatchObject({ name: 'AccessDenied' });
    await get(reader, 'logs/1');
  });

  it('are not those whose condition fixes the caller', async () => {
    const status = async (Condition: object) => {
      await putPolicy({ ...everyone, Condition });
      return isPublic();
    };
    expect(await status({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } })).toBe(false);
    expect(await status({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })).toBe(false);
    expect(await status({ IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } })).toBe(true);
    expect(await status({ StringLike: { 'aws:PrincipalArn': '*' } })).toBe(true);
    expect(await status({ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } })).toBe(true);
  });

  it('do not let anonymous readers choose response headers', async () => {
    await admin.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await putPolicy(everyone);
    expect((await anonymously('logs/1?response-content-type=text%2Fhtml')).status).toBe(400);
  });
});
