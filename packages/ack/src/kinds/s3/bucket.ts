// Bucket: made by one call, and set up by one call for each of its configurations.
import type { EntriesRule, FieldRule, KindDescription, PartRule, Ways } from '../../kind/description.ts';
import { isObject } from '../../kind/values/to-aws.ts';
import { aclFields, aclOf, putAcl, withoutSameGrants } from './bucket-acl.ts';
import { s3 } from './service.ts';

const Bucket = '$Name';

interface Configuration {
  /** The operation that sets it, without `Put`: `BucketCors`. */
  readonly put: string;
  /** The member of its input. */
  readonly member: string;
  /** Without `Get`, where it differs. */
  readonly get?: string;
  readonly at?: string;
  readonly absent?: readonly string[];
  /** The operation that takes it away; `empty` when an empty configuration does. */
  readonly remove?: string;
}

function configuration({ put, member, get = put, at = '', absent = [], remove }: Configuration): FieldRule {
  const part: PartRule = {
    put: `Put${put}`,
    input: { Bucket, [member]: '$value' },
    read: { operation: `Get${get}`, input: { Bucket }, at, absent },
    ...(remove === 'empty' && { remove: { operation: `Put${put}`, input: { Bucket, [member]: {} } } }),
    ...(remove !== undefined && remove !== 'empty' && { remove: { operation: remove, input: { Bucket } } }),
  };
  return { from: `Put${put}.${member}`, part };
}

/** Configurations of which a bucket has several, each with an Id. */
function configurations(name: string): FieldRule {
  const entries: EntriesRule = {
    key: 'Id',
    add: {
      operation: `PutBucket${name}Configuration`,
      input: { Bucket, Id: '$key', [`${name}Configuration`]: '$entry' },
    },
    drop: { operation: `DeleteBucket${name}Configuration`, input: { Bucket, Id: '$key' } },
    read: {
      operation: `ListBucket${name}Configurations`,
      input: { Bucket },
      at: `${name}ConfigurationList`,
      page: ['ContinuationToken', 'NextContinuationToken'],
    },
  };
  return { listOf: `${name}Configuration`, entries };
}

const fields: Readonly<Record<string, FieldRule>> = {
  ACL: { observe: 'ACL' },
  Accelerate: configuration({ put: 'BucketAccelerateConfiguration', member: 'AccelerateConfiguration' }),
  Analytics: configurations('Analytics'),
  BucketNamespace: { compare: 'never' },
  CORS: configuration({
    put: 'BucketCors',
    member: 'CORSConfiguration',
    absent: ['NoSuchCORSConfiguration'],
    remove: 'DeleteBucketCors',
  }),
  CreateBucketConfiguration: { compare: 'never' },
  Encryption: configuration({
    put: 'BucketEncryption',
    member: 'ServerSideEncryptionConfiguration',
    at: 'ServerSideEncryptionConfiguration',
    absent: ['ServerSideEncryptionConfigurationNotFoundError'],
    remove: 'DeleteBucketEncryption',
  }),
  GrantFullControl: { observe: 'GrantFullControl' },
  GrantRead: { observe: 'GrantRead' },
  GrantReadACP: { observe: 'GrantReadACP' },
  GrantWrite: { observe: 'GrantWrite' },
  GrantWriteACP: { observe: 'GrantWriteACP' },
  IntelligentTiering: configurations('IntelligentTiering'),
  Inventory: configurations('Inventory'),
  Lifecycle: configuration({
    put: 'BucketLifecycleConfiguration',
    member: 'LifecycleConfiguration',
    absent: ['NoSuchLifecycleConfiguration'],
    remove: 'DeleteBucketLifecycle',
  }),
  Logging: configuration({ put: 'BucketLogging', member: 'BucketLoggingStatus', remove: 'empty' }),
  Metrics: configurations('Metrics'),
  Name: { required: true, immutable: true },
  Notification: configuration({
    put: 'BucketNotificationConfiguration',
    member: 'NotificationConfiguration',
    remove: 'empty',
  }),
  ObjectLockEnabledForBucket: { compare: 'never' },
  ObjectOwnership: { compare: 'never' },
  OwnershipControls: configuration({
    put: 'BucketOwnershipControls',
    member: 'OwnershipControls',
    at: 'OwnershipControls',
    absent: ['OwnershipControlsNotFoundError'],
    remove: 'DeleteBucketOwnershipControls',
  }),
  Policy: {
    ...configuration({
      put: 'BucketPolicy',
      member: 'Policy',
      at: 'Policy',
      absent: ['NoSuchBucketPolicy'],
      remove: 'DeleteBucketPolicy',
    }),
    compare: 'policy',
  },
  PublicAccessBlock: configuration({
    put: 'PublicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    at: 'PublicAccessBlockConfiguration',
    absent: ['NoSuchPublicAccessBlockConfiguration'],
    remove: 'DeletePublicAccessBlock',
  }),
  Replication: configuration({
    put: 'BucketReplication',
    member: 'ReplicationConfiguration',
    at: 'ReplicationConfiguration',
    absent: ['ReplicationConfigurationNotFoundError'],
    remove: 'DeleteBucketReplication',
  }),
  RequestPayment: configuration({ put: 'BucketRequestPayment', member: 'RequestPaymentConfiguration' }),
  Tagging: { from: 'PutBucketTagging.Tagging' },
  Versioning: configuration({ put: 'BucketVersioning', member: 'VersioningConfiguration' }),
  Website: configuration({
    put: 'BucketWebsite',
    member: 'WebsiteConfiguration',
    absent: ['NoSuchWebsiteConfiguration'],
    remove: 'DeleteBucketWebsite',
  }),
};

const ways: Ways = {
  operations: ['GetBucketAcl', 'PutBucketAcl', 'ListObjectVersions'],
  read: async ({ call, find, isAsked }) =>
    aclFields.some((key) => isAsked(key)) ? aclOf(await call('GetBucketAcl', { Bucket: find(Bucket) })) : {},
  // A bucket is where its endpoint is, which S3 wants to be told everywhere but in us-east-1.
  createInput: ({ wanted, field }) => {
    const given = field('CreateBucketConfiguration');
    const configured = isObject(given) ? given : {};
    const isSaid = 'LocationConstraint' in configured || 'Location' in configured;
    if (isSaid || wanted.region === 'us-east-1') return {};
    return { CreateBucketConfiguration: { ...configured, LocationConstraint: wanted.region } };
  },
  update: Object.fromEntries(aclFields.map((key) => [key, putAcl])),
  compare: ({ spec }, _observed, differences) => withoutSameGrants(spec, differences),
  dataAtRisk: async (call, { spec }) => {
    const { Versions, DeleteMarkers, IsTruncated } = await call('ListObjectVersions', {
      Bucket: spec['name'],
    });
    const count = [Versions, DeleteMarkers].reduce<number>(
      (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
      0,
    );
    if (count === 0) return undefined;
    const most = IsTruncated === true ? 'more than ' : '';
    return `it holds ${most}${count} ${count === 1 ? 'version of an object' : 'versions of objects'}`;
  },
};

export const bucket: KindDescription = {
  service: s3,
  kind: 'Bucket',
  isStateful: true,
  identity: 'Name',
  renames: { Bucket: 'Name' },
  ignore: ['BucketArn'],
  fields,
  arn: 'arn:$partition:s3:::$Name',
  nestedReferences: {
    'replication.role': { kind: 'iam/Role', path: 'status.ackResourceMetadata.arn' },
  },
  create: [{ operation: 'CreateBucket' }],
  read: [{ operation: 'HeadBucket', input: { Bucket }, absent: ['NotFound', 'NoSuchBucket'] }],
  tags: {
    field: 'Tagging',
    below: 'TagSet',
    read: { operation: 'GetBucketTagging', input: { Bucket }, at: '', absent: ['NoSuchTagSet'] },
    add: { operation: 'PutBucketTagging', input: { Bucket, Tagging: { TagSet: '$tags' } } },
  },
  remove: [{ operation: 'DeleteBucket', input: { Bucket } }],
  terminal: [
    'BucketAlreadyExists',
    'IllegalLocationConstraintException',
    'InvalidBucketName',
    'InvalidLocationConstraint',
    'MalformedXML',
    'MalformedPolicy',
    'PermanentRedirect',
  ],
  columns: [{ name: 'LOCATION', path: '.status.location', priority: 1 }],
  ways,
};
