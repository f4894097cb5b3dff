// Bucket's life: its many settings on an S3 that keeps what it is given, its objects on the real one.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AwsCall, JsonObject, Kind } from '../src/kind/kind.ts';
import { BucketSettings } from './bucket-settings.ts';
import { kindNamed, leftOver, settle, startTestAws, type TestAws, want } from './kind-life.ts';

let aws: TestAws;
let kind: Kind;
let real: AwsCall;
let s3: BucketSettings;

beforeAll(async () => {
  aws = await startTestAws();
  kind = await kindNamed('s3', 'Bucket');
  real = aws.callOf(kind);
});
beforeEach(() => {
  s3 = new BucketSettings();
});
afterAll(() => aws[Symbol.asyncDispose]());

function policyFor(action: string): string {
  const statement = { Effect: 'Allow', Principal: '*', Action: action, Resource: 'arn:aws:s3:::app/*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

const spec: JsonObject = {
  name: 'app',
  accelerate: { status: 'Enabled' },
  acl: 'private',
  analytics: [{ id: 'a', storageClassAnalysis: {} }],
  cors: { corsRules: [{ allowedMethods: ['GET'], allowedOrigins: ['*'], maxAgeSeconds: 60 }] },
  encryption: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] },
  intelligentTiering: [
    { id: 't', status: 'Enabled', tierings: [{ accessTier: 'ARCHIVE_ACCESS', days: 90 }] },
  ],
  lifecycle: {
    rules: [{ id: 'old', status: 'Enabled', filter: { prefix: 'l/' }, expiration: { days: 30 } }],
  },
  logging: { loggingEnabled: { targetBucket: 'logs', targetPrefix: 'app/' } },
  metrics: [{ id: 'm' }, { id: 'n' }],
  notification: {
    queueConfigurations: [{ id: 'q', queueARN: 'arn:aws:sqs:us-east-1:1:q', events: ['s3:ObjectCreated:*'] }],
  },
  ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
  policy: policyFor('s3:GetObject'),
  publicAccessBlock: { blockPublicACLs: true, blockPublicPolicy: false },
  requestPayment: { payer: 'Requester' },
  tagging: { tagSet: [{ key: 'team', value: 'web' }] },
  versioning: { status: 'Enabled' },
  website: { indexDocument: { suffix: 'index.html' } },
};

test('a bucket gets all its settings at once, and a second application changes nothing', async () => {
  const observed = await settle(kind, s3.call, want(spec));
  expect(observed.arn).toBe('arn:aws:s3:::app');
  expect(await leftOver(kind, s3.call, want(spec))).toEqual([]);
  s3.calls.length = 0;
  await settle(kind, s3.call, want(spec));
  expect(s3.writes()).toEqual([]);
});

test('each setting changes by its own call, and nothing else is called', async () => {
  await settle(kind, s3.call, want(spec));
  const changes: Readonly<Record<string, readonly [JsonObject, readonly string[]]>> = {
    accelerate: [{ accelerate: { status: 'Suspended' } }, ['PutBucketAccelerateConfiguration']],
    cors: [{ cors: { corsRules: [{ allowedMethods: ['PUT'], allowedOrigins: ['*'] }] } }, ['PutBucketCors']],
    metrics: [
      { metrics: [{ id: 'n', filter: { prefix: 'x' } }] },
      ['PutBucketMetricsConfiguration', 'DeleteBucketMetricsConfiguration'],
    ],
    policy: [{ policy: policyFor('s3:PutObject') }, ['PutBucketPolicy']],
    versioning: [{ versioning: { status: 'Suspended' } }, ['PutBucketVersioning']],
    tagging: [{ tagging: { tagSet: [{ key: 'team', value: 'api' }] } }, ['PutBucketTagging']],
    emptied: [
      { cors: {}, lifecycle: { rules: [] }, logging: {}, policy: '', website: {} },
      [
        'DeleteBucketCors',
        'DeleteBucketLifecycle',
        'PutBucketLogging',
        'DeleteBucketPolicy',
        'DeleteBucketWebsite',
      ],
    ],
  };
  for (const [change, operations] of Object.values(changes)) {
    s3.calls.length = 0;
    const wanted = want({ ...spec, ...change });
    await settle(kind, s3.call, wanted);
    expect(s3.writes()).toEqual(operations);
    expect(await leftOver(kind, s3.call, wanted)).toEqual([]);
    await settle(kind, s3.call, want(spec));
  }
});

test('only what is asked for is read; in adoption everything is, as far as it may be', async () => {
  await settle(kind, s3.call, want(spec));
  s3.calls.length = 0;
  await kind.read(s3.call, want({ name: 'app', versioning: { status: 'Enabled' } }));
  expect(s3.calls.toSorted()).toEqual(['GetBucketTagging', 'GetBucketVersioning', 'HeadBucket']);
  s3.refused.add('GetBucketWebsite');
  const observed = await kind.read(s3.call, want({}, { ...kind.identify({ name: 'app' }), defaultTags: {} }));
  const { website: _website, ...told } = spec;
  expect(
    Object.keys(observed?.spec ?? {})
      .filter((name) => !name.startsWith('grant'))
      .toSorted(),
  ).toEqual(Object.keys(told).toSorted());
});

test('a setting that is refused keeps no other from being set, and is told', async () => {
  s3.refused.add('PutBucketCors');
  await settle(kind, s3.call, want(spec));
  expect(await leftOver(kind, s3.call, want(spec))).toEqual(['cors']);
  await expect(settle(kind, s3.call, want(spec))).rejects.toMatchObject({ code: 'AccessDenied' });
});

test('tags that the user does not list stay', async () => {
  await settle(kind, s3.call, want(spec, { defaultTags: {} }));
  const observed = await settle(kind, s3.call, want({ name: 'app' }));
  expect(observed.spec['tagging']).toEqual({
    tagSet: [
      { key: 'team', value: 'web' },
      { key: 'services.k8s.aws/namespace', value: 'default' },
    ],
  });
});

test('what AWS told once, at the creation, stays told', async () => {
  const call: AwsCall = async (operation, input) =>
    operation === 'CreateBucket'
      ? { ...(await s3.call(operation, input)), Location: '/app' }
      : await s3.call(operation, input);
  const created = await kind.create(call, want({ name: 'app' }));
  expect(created.status).toEqual({ location: '/app' });
  const read = await kind.read(call, want({ name: 'app' }, { status: created.status }));
  expect(read?.status).toEqual({ location: '/app' });
});

test('elsewhere than in us-east-1 the region is said', async () => {
  const inputs: unknown[] = [];
  const call: AwsCall = (operation, input) => {
    inputs.push(input);
    return s3.call(operation, input);
  };
  await kind.create(call, want({ name: 'app' }, { region: 'eu-west-1' }));
  expect(inputs[0]).toEqual({
    Bucket: 'app',
    CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
  });
});

test('on the real service: created, found, held by its objects, deleted', async () => {
  const wanted = want({ name: 'full-of-it' }, { defaultTags: {}, everything: false });
  expect(await kind.read(real, wanted)).toBeUndefined();
  const observed = await settle(kind, real, wanted);
  expect(await leftOver(kind, real, wanted)).toEqual([]);
  await real('PutObject', { Bucket: 'full-of-it', Key: 'a', Body: 'a' });
  expect(await kind.dataAtRisk(real, observed)).toBe('it holds 1 version of an object');
  await expect(kind.remove(real, wanted, observed)).rejects.toMatchObject({ code: 'BucketNotEmpty' });
  await real('DeleteObject', { Bucket: 'full-of-it', Key: 'a' });
  await kind.remove(real, wanted, observed);
  expect(await kind.read(real, wanted)).toBeUndefined();
});
