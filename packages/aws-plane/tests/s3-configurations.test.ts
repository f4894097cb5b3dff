// Configurations of buckets, through the SDK: kept as they were given, refused when S3 would refuse them.
import {
  CreateBucketCommand,
  DeleteBucketAnalyticsConfigurationCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketWebsiteCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAnalyticsConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketRequestPaymentCommand,
  GetBucketWebsiteCommand,
  type LifecycleRule,
  ListBucketAnalyticsConfigurationsCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketAnalyticsConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketInventoryConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketMetricsConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketRequestPaymentCommand,
  PutBucketWebsiteCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusalOf } from './plane.ts';
import { type S3Plane, startS3 } from './s3-plane.ts';

let plane: S3Plane;
let s3: S3Client;
beforeAll(async () => {
  plane = await startS3();
  s3 = plane.client('administrator');
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => plane[Symbol.asyncDispose]());

const Bucket = 'configured';

test('CORS', async () => {
  const absent = { code: 'NoSuchCORSConfiguration', status: 404 };
  expect(await refusalOf(s3.send(new GetBucketCorsCommand({ Bucket })))).toMatchObject(absent);
  const rule = {
    AllowedMethods: ['GET', 'PUT'],
    AllowedOrigins: ['https://*.example.com'],
    MaxAgeSeconds: 60,
  };
  const put = (...CORSRules: (typeof rule)[]) =>
    s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  await put(rule);
  expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([rule]);
  expect(await refusalOf(put({ ...rule, AllowedMethods: ['PATCH'] }))).toMatchObject({
    code: 'InvalidRequest',
    message: 'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
  });
  expect(await refusalOf(put({ ...rule, AllowedOrigins: ['*.*'] }))).toMatchObject({
    code: 'InvalidRequest',
  });
  expect(await refusalOf(put())).toMatchObject({ code: 'MalformedXML' });
  await s3.send(new DeleteBucketCorsCommand({ Bucket }));
  expect(await refusalOf(s3.send(new GetBucketCorsCommand({ Bucket })))).toMatchObject(absent);
});

describe('lifecycle', () => {
  const put = (...Rules: LifecycleRule[]) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  const rule: LifecycleRule = {
    ID: 'old',
    Status: 'Enabled',
    Filter: { Prefix: 'logs/' },
    Expiration: { Days: 30 },
  };

  test('is kept, with dates and ids', async () => {
    const dated: LifecycleRule = {
      Status: 'Disabled',
      Filter: { And: { Prefix: 'a', Tags: [{ Key: 'k', Value: 'v' }] } },
      Transitions: [{ Date: new Date('2030-01-01T00:00:00Z'), StorageClass: 'GLACIER' }],
    };
    expect((await put(rule, dated)).TransitionDefaultMinimumObjectSize).toBe('all_storage_classes_128K');
    const { Rules } = await get();
    expect(Rules).toEqual([rule, { ...dated, ID: expect.any(String) as string }]);
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect(await refusalOf(get())).toMatchObject({ code: 'NoSuchLifecycleConfiguration' });
  });

  test.each<[string, LifecycleRule[], string]>([
    ['no action', [{ ID: 'x', Status: 'Enabled', Filter: {} }], 'InvalidRequest'],
    ['an id twice', [rule, rule], 'InvalidRequest'],
    ['no days', [{ ...rule, Expiration: { Days: 0 } }], 'InvalidArgument'],
    ['an hour', [{ ...rule, Expiration: { Date: new Date(3_600_000) } }], 'InvalidArgument'],
    ['another status', [{ ...rule, Status: 'Sometimes' as 'Enabled' }], 'MalformedXML'],
    ['nothing', [], 'MalformedXML'],
  ])('with %s is refused', async (_, rules, code) => {
    expect(await refusalOf(put(...rules))).toMatchObject({ code, status: 400 });
  });
});

test('encryption', async () => {
  const put = (SSEAlgorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse', BucketKeyEnabled?: boolean) => {
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm }, BucketKeyEnabled }];
    return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  };
  const get = async () => {
    const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    return answer.ServerSideEncryptionConfiguration?.Rules?.[0];
  };
  await put('AES256', true);
  expect(await get()).toMatchObject({ BucketKeyEnabled: true });
  await put('aws:kms');
  expect(await get()).toMatchObject({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } });
  expect(await refusalOf(put('aws:kms:dsse'))).toMatchObject({ code: 'NotImplemented', status: 501 });
  await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  expect(await get()).toEqual({
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
    BucketKeyEnabled: false,
  });
});

test('logging', async () => {
  const put = (TargetBucket: string) => {
    const BucketLoggingStatus = { LoggingEnabled: { TargetBucket, TargetPrefix: 'logs/' } };
    return s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus }));
  };
  const get = async () => (await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled;
  await put(Bucket);
  expect(await get()).toEqual({ TargetBucket: Bucket, TargetPrefix: 'logs/' });
  expect(await refusalOf(put('absent-bucket'))).toMatchObject({ code: 'InvalidTargetBucketForLogging' });
  await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }));
  expect(await get()).toBeUndefined();
});

test('notification', async () => {
  const put = (NotificationConfiguration: object, SkipDestinationValidation?: boolean) =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration,
        SkipDestinationValidation,
      }),
    );
  const get = async () => {
    const { $metadata: _, ...answer } = await s3.send(
      new GetBucketNotificationConfigurationCommand({ Bucket }),
    );
    return answer;
  };
  await put({ EventBridgeConfiguration: {} });
  expect(await get()).toEqual({ EventBridgeConfiguration: {} });
  const QueueArn = 'arn:aws:sqs:us-east-1:123456789012:orders';
  const QueueConfigurations = [{ QueueArn, Events: ['s3:ObjectCreated:*'] }];
  expect(await refusalOf(put({ QueueConfigurations }))).toMatchObject({
    code: 'InvalidArgument',
    message: 'Unable to validate the following destination configurations',
  });
  await put({ QueueConfigurations }, true);
  expect(await get()).toMatchObject({
    QueueConfigurations: [{ QueueArn, Id: expect.any(String) as string }],
  });
  await put({});
  expect(await get()).toEqual({});
});

test('website', async () => {
  const put = (WebsiteConfiguration: object) =>
    s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
  const website = { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'error.html' } };
  await put(website);
  expect(await s3.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject(website);
  for (const broken of [
    {},
    { IndexDocument: { Suffix: 'a/b' } },
    { ...website, RedirectAllRequestsTo: { HostName: 'h' } },
  ])
    expect(await refusalOf(put(broken))).toMatchObject({ code: 'InvalidArgument' });
  await s3.send(new DeleteBucketWebsiteCommand({ Bucket }));
  expect(await refusalOf(s3.send(new GetBucketWebsiteCommand({ Bucket })))).toMatchObject({
    code: 'NoSuchWebsiteConfiguration',
  });
});

test('acceleration, payment, ownership', async () => {
  const accelerate = (Status: 'Enabled' | 'Suspended') =>
    s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration: { Status } }));
  await accelerate('Enabled');
  expect((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status).toBe('Enabled');
  const pay = (Payer: 'BucketOwner' | 'Requester') =>
    s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer } }));
  await pay('BucketOwner');
  expect(await refusalOf(pay('Requester'))).toMatchObject({ code: 'NotImplemented' });
  expect((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe('BucketOwner');
  const own = (ObjectOwnership: 'BucketOwnerPreferred' | 'BucketOwnerEnforced') =>
    s3.send(
      new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }),
    );
  const acl = (ACL: 'private' | 'public-read') => s3.send(new PutBucketAclCommand({ Bucket, ACL }));
  expect(await refusalOf(acl('private'))).toMatchObject({ code: 'AccessControlListNotSupported' });
  await own('BucketOwnerPreferred');
  await acl('private');
  expect(await refusalOf(acl('public-read'))).toMatchObject({ code: 'NotImplemented' });
  await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  expect(await refusalOf(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })))).toMatchObject({
    code: 'OwnershipControlsNotFoundError',
    status: 404,
  });
  await own('BucketOwnerEnforced');
});

test('several of a kind, by their ids', async () => {
  const analytics = (Id: string, own = Id) =>
    s3.send(
      new PutBucketAnalyticsConfigurationCommand({
        Bucket,
        Id,
        AnalyticsConfiguration: { Id: own, StorageClassAnalysis: {} },
      }),
    );
  await Promise.all(Array.from({ length: 101 }, (_, n) => analytics(`a${String(n).padStart(3, '0')}`)));
  const first = await s3.send(new ListBucketAnalyticsConfigurationsCommand({ Bucket }));
  expect([first.AnalyticsConfigurationList?.length, first.IsTruncated]).toEqual([100, true]);
  const ContinuationToken = first.NextContinuationToken;
  const rest = await s3.send(new ListBucketAnalyticsConfigurationsCommand({ Bucket, ContinuationToken }));
  expect(rest.AnalyticsConfigurationList?.map(({ Id }) => Id)).toEqual(['a100']);
  expect(await refusalOf(analytics('b', 'c'))).toMatchObject({ code: 'InvalidArgument' });
  const one = { Bucket, Id: 'a100' };
  await s3.send(new DeleteBucketAnalyticsConfigurationCommand(one));
  expect(await refusalOf(s3.send(new GetBucketAnalyticsConfigurationCommand(one)))).toMatchObject({
    code: 'NoSuchConfiguration',
    status: 404,
  });
  const inventory = {
    Id: 'weekly',
    IsEnabled: true,
    IncludedObjectVersions: 'Current' as const,
    Schedule: { Frequency: 'Weekly' as const },
    Destination: { S3BucketDestination: { Bucket: `arn:aws:s3:::${Bucket}`, Format: 'CSV' as const } },
  };
  await s3.send(
    new PutBucketInventoryConfigurationCommand({ Bucket, Id: 'weekly', InventoryConfiguration: inventory }),
  );
  const inventories = await s3.send(new ListBucketInventoryConfigurationsCommand({ Bucket }));
  expect(inventories.InventoryConfigurationList).toEqual([inventory]);
  await s3.send(
    new PutBucketMetricsConfigurationCommand({ Bucket, Id: 'm', MetricsConfiguration: { Id: 'm' } }),
  );
  const metrics = await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }));
  expect(metrics.MetricsConfigurationList).toEqual([{ Id: 'm' }]);
});

test('configurations go with their bucket', async () => {
  const short = { Bucket: 'short-lived' };
  await s3.send(new CreateBucketCommand(short));
  const CORSConfiguration = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] };
  await s3.send(new PutBucketCorsCommand({ ...short, CORSConfiguration }));
  await s3.send(new DeleteBucketCommand(short));
  await s3.send(new CreateBucketCommand(short));
  expect(await refusalOf(s3.send(new GetBucketCorsCommand(short)))).toMatchObject({ status: 404 });
  expect(await refusalOf(s3.send(new GetBucketCorsCommand({ Bucket: 'absent-bucket' })))).toMatchObject({
    code: 'NoSuchBucket',
  });
});
