import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  paginateListBuckets,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Plane, startS3 } from './s3-plane.ts';

let s3: S3Plane;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client('administrator');
});
afterAll(() => s3[Symbol.asyncDispose]());

const create = (Bucket: string, LocationConstraint?: string, from = client) =>
  from.send(
    new CreateBucketCommand({
      Bucket,
      ...(LocationConstraint && {
        CreateBucketConfiguration: { LocationConstraint: LocationConstraint as 'EU' },
      }),
    }),
  );
const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('must fail'),
    (error) => error,
  );

describe('CreateBucket', () => {
  it('makes a bucket once for all accounts', async () => {
    expect(await create('first')).toMatchObject({ Location: '/first', BucketArn: 'arn:aws:s3:::first' });
    await create('first');
    expect(await failure(create('first', undefined, s3.client('stranger')))).toMatchObject({
      name: 'BucketAlreadyExists',
      $metadata: { httpStatusCode: 409 },
    });
    await create('regional', 'eu-west-1');
    expect(await failure(create('regional', 'eu-west-1'))).toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
  });

  it('takes a location constraint as AWS does', async () => {
    expect(await failure(create('located', 'us-east-1'))).toMatchObject({
      name: 'InvalidLocationConstraint',
      message: 'The specified location-constraint is not valid',
    });
    const frankfurt = s3.client('administrator', { region: 'eu-central-1' });
    await create('located', 'eu-central-1', frankfurt);
    expect(await failure(create('located-2', 'eu-west-1', frankfurt))).toMatchObject({
      name: 'IllegalLocationConstraintException',
    });
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'located' }));
    expect(LocationConstraint).toBe('eu-central-1');
    expect(await client.send(new HeadBucketCommand({ Bucket: 'located' }))).toMatchObject({
      BucketRegion: 'eu-central-1',
    });
    await create('global');
    expect(
      (await client.send(new GetBucketLocationCommand({ Bucket: 'global' }))).LocationConstraint,
    ).toBeFalsy();
  });

  it.each(['ab', 'Upper', 'under_score', '-a-b', 'a..b', '192.168.0.1', 'xn--x', 'x-s3alias'])(
    'refuses the name %s',
    async (name) => {
      expect(await failure(create(name))).toMatchObject({ name: 'InvalidBucketName' });
    },
  );

  it('has no ACLs to offer', async () => {
    expect(
      await failure(client.send(new CreateBucketCommand({ Bucket: 'open-to-all', ACL: 'public-read' }))),
    ).toMatchObject({ name: 'InvalidBucketAclWithObjectOwnership' });
  });
});

describe('DeleteBucket', () => {
  it('wants the bucket empty', async () => {
    const Bucket = 'to-delete';
    await create(Bucket);
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toMatchObject({
      name: 'BucketNotEmpty',
      BucketName: Bucket,
    });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toMatchObject({
      name: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
    });
    expect(await failure(client.send(new HeadBucketCommand({ Bucket })))).toMatchObject({ name: 'NotFound' });
  });
});

describe('ListBuckets', () => {
  it('lists those of the account, in pages', async () => {
    const stranger = s3.client('stranger');
    for (const name of ['stranger-c', 'stranger-a', 'stranger-b']) await create(name, undefined, stranger);
    const { Buckets, Owner } = await stranger.send(new ListBucketsCommand());
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['stranger-a', 'stranger-b', 'stranger-c']);
    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    const paged: unknown[] = [];
    for await (const page of paginateListBuckets({ client: stranger, pageSize: 2 }, {})) {
      paged.push(page.Buckets?.map(({ Name }) => Name));
    }
    expect(paged).toEqual([['stranger-a', 'stranger-b'], ['stranger-c']]);
  });
});

describe('settings', () => {
  const Bucket = 'settings';
  beforeAll(() => create(Bucket));

  it('of the public access block are on for a new bucket, and can be changed and removed', async () => {
    const read = async () =>
      (await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;
    expect(await read()).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true, BlockPublicPolicy: false };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await read()).toMatchObject({
      BlockPublicAcls: true,
      BlockPublicPolicy: false,
      IgnorePublicAcls: false,
    });
    await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await failure(read())).toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration' });
  });

  it('include tags', async () => {
    const read = () => client.send(new GetBucketTaggingCommand({ Bucket }));
    expect(await failure(read())).toMatchObject({ name: 'NoSuchTagSet' });
    const TagSet = [{ Key: 'team', Value: 'blue' }];
    await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await read()).TagSet).toEqual(TagSet);
    await client.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await failure(read())).toMatchObject({ name: 'NoSuchTagSet' });
  });

  it('that Terraform reads are told as AWS tells them for a new bucket', async () => {
    const input = { Bucket };
    const acl = await client.send(new GetBucketAclCommand(input));
    expect(acl.Grants).toMatchObject([
      { Permission: 'FULL_CONTROL', Grantee: { Type: 'CanonicalUser', ID: acl.Owner?.ID } },
    ]);
    const encryption = await client.send(new GetBucketEncryptionCommand(input));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
    const ownership = await client.send(new GetBucketOwnershipControlsCommand(input));
    expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect((await client.send(new GetBucketVersioningCommand(input))).Status).toBeUndefined();
    expect((await client.send(new GetBucketLoggingCommand(input))).LoggingEnabled).toBeUndefined();
    expect((await client.send(new GetBucketRequestPaymentCommand(input))).Payer).toBe('BucketOwner');
    expect((await client.send(new GetBucketAccelerateConfigurationCommand(input))).Status).toBeUndefined();
    const codes = await Promise.all([
      failure(client.send(new GetBucketCorsCommand(input))),
      failure(client.send(new GetBucketLifecycleConfigurationCommand(input))),
      failure(client.send(new GetBucketWebsiteCommand(input))),
      failure(client.send(new GetBucketReplicationCommand(input))),
      failure(client.send(new GetObjectLockConfigurationCommand(input))),
    ]);
    expect(codes.map(({ name, $metadata }) => [name, $metadata.httpStatusCode])).toEqual([
      ['NoSuchCORSConfiguration', 404],
      ['NoSuchLifecycleConfiguration', 404],
      ['NoSuchWebsiteConfiguration', 404],
      ['ReplicationConfigurationNotFoundError', 404],
      ['ObjectLockConfigurationNotFoundError', 404],
    ]);
  });
});
