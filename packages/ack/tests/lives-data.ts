// What the kinds of DynamoDB, S3 and CloudWatch Logs are made with, changed to and held to.
import {
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeContinuousBackupsCommand,
  DescribeContributorInsightsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetResourcePolicyCommand,
  ListBackupsCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  ListBucketMetricsConfigurationsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { Life } from './life.ts';
import type { Sdk } from './lives-world.ts';

const tagOf = (team: string) => expect.arrayContaining([{ Key: 'team', Value: team }]) as unknown;
/** In any order. */
const exactly = (...values: readonly object[]) => {
  const like = values.map((value) => expect.objectContaining(value) as unknown);
  return expect.arrayContaining(like) as unknown;
};

/** What it is set to; nothing where it is not. */
async function setting<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    const { name } = error as Error;
    const isUnset = name === 'PolicyNotFoundException' || name.startsWith('NoSuch');
    if (!isUnset || name === 'NoSuchBucket') throw error;
    return undefined;
  }
}

const group = '/app/life';

const logGroup: Life = {
  kind: 'cloudwatchlogs/LogGroup',
  spec: { name: group },
  async read({ logs }) {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
    const [found] = logGroups;
    if (!found) return undefined;
    const { metricFilters } = await logs.send(new DescribeMetricFiltersCommand({ logGroupName: group }));
    const { tags } = await logs.send(
      new ListTagsForResourceCommand({ resourceArn: found.arn?.replace(/:\*$/, '') }),
    );
    return { ...found, tags, filters: metricFilters };
  },
  made: { retentionInDays: 7, tags: { team: 'web' }, filters: [{ filterPattern: 'ERROR' }] },
  changes: {
    retentionDays: 30,
    deletionProtectionEnabled: true,
    tags: { team: 'api' },
    metricFilters: [
      {
        filterName: 'slow',
        filterPattern: 'SLOW',
        metricTransformations: [{ metricName: 'Slow', metricNamespace: 'Web', metricValue: '2' }],
      },
    ],
  },
  changed: {
    retentionInDays: 30,
    deletionProtectionEnabled: true,
    tags: { team: 'api' },
    filters: [{ filterPattern: 'SLOW', metricTransformations: [{ metricName: 'Slow', metricValue: '2' }] }],
  },
  replaced: { logGroupClass: 'INFREQUENT_ACCESS' },
  protection: 'deletionProtectionEnabled',
};

const TableName = 'life';

async function readTable({ dynamodb }: Sdk): Promise<object> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  const { ContinuousBackupsDescription } = await dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  const { ContributorInsightsStatus } = await dynamodb.send(
    new DescribeContributorInsightsCommand({ TableName }),
  );
  const ResourceArn = Table?.TableArn;
  const policy = await setting(dynamodb.send(new GetResourcePolicyCommand({ ResourceArn })));
  const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn }));
  return {
    ...Table,
    expiry: TimeToLiveDescription,
    recovery: ContinuousBackupsDescription?.PointInTimeRecoveryDescription,
    insights: ContributorInsightsStatus,
    policy: JSON.parse(policy?.Policy ?? 'null') as unknown,
    Tags,
  };
}

const tablePolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action: 'dynamodb:GetItem',
      Resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/life',
    },
  ],
});
const hash = (attributeName: string) => [{ attributeName, keyType: 'HASH' }];

const table: Life = {
  kind: 'dynamodb/Table',
  spec: { tableName: TableName },
  read: readTable,
  made: {
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-customer', IndexStatus: 'ACTIVE' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    expiry: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
    recovery: { PointInTimeRecoveryStatus: 'ENABLED' },
    Tags: tagOf('web'),
  },
  changes: {
    billingMode: 'PROVISIONED',
    provisionedThroughput: { readCapacityUnits: 5, writeCapacityUnits: 6 },
    attributeDefinitions: [
      { attributeName: 'id', attributeType: 'S' },
      { attributeName: 'day', attributeType: 'S' },
    ],
    globalSecondaryIndexes: [
      {
        indexName: 'by-day',
        keySchema: hash('day'),
        projection: { projectionType: 'KEYS_ONLY' },
        provisionedThroughput: { readCapacityUnits: 1, writeCapacityUnits: 1 },
      },
    ],
    streamSpecification: { streamViewType: 'KEYS_ONLY' },
    timeToLive: { enabled: false },
    continuousBackups: { pointInTimeRecoveryEnabled: false },
    contributorInsights: 'ENABLE',
    resourcePolicy: tablePolicy,
    deletionProtectionEnabled: true,
    tableClass: 'STANDARD_INFREQUENT_ACCESS',
    sseSpecification: { enabled: true },
    tags: [{ key: 'team', value: 'api' }],
  },
  changed: {
    TableStatus: 'ACTIVE',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
    GlobalSecondaryIndexes: [{ IndexName: 'by-day', Projection: { ProjectionType: 'KEYS_ONLY' } }],
    StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    expiry: { TimeToLiveStatus: 'DISABLED' },
    recovery: { PointInTimeRecoveryStatus: 'DISABLED' },
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    SSEDescription: { Status: 'ENABLED' },
    DeletionProtectionEnabled: true,
    insights: 'ENABLED',
    policy: { Statement: [{ Action: 'dynamodb:GetItem' }] },
    Tags: tagOf('api'),
  },
  protection: 'deletionProtectionEnabled',
  fixed: { keySchema: hash('day') },
};

const backup: Life = {
  kind: 'dynamodb/Backup',
  needs: ['dynamodb/Table'],
  spec: { backupName: 'life' },
  async read({ dynamodb }) {
    const { BackupSummaries = [] } = await dynamodb.send(new ListBackupsCommand({ TableName: 'orders' }));
    return BackupSummaries.find(({ BackupName }) => BackupName === 'life');
  },
  made: { BackupStatus: 'AVAILABLE', TableName: 'orders' },
  fixed: { tableName: 'others' },
  adoption: { tableName: 'orders', backupName: 'life' },
};

const Bucket = 'life-of-a-bucket';

async function readBucket(s3: S3Client): Promise<object> {
  const named = { Bucket };
  const [encryption, lifecycle, access, tagging, cors, policy, website] = await Promise.all([
    setting(s3.send(new GetBucketEncryptionCommand(named))),
    setting(s3.send(new GetBucketLifecycleConfigurationCommand(named))),
    setting(s3.send(new GetPublicAccessBlockCommand(named))),
    setting(s3.send(new GetBucketTaggingCommand(named))),
    setting(s3.send(new GetBucketCorsCommand(named))),
    setting(s3.send(new GetBucketPolicyCommand(named))),
    setting(s3.send(new GetBucketWebsiteCommand(named))),
  ]);
  const { Status } = await s3.send(new GetBucketAccelerateConfigurationCommand(named));
  const versioning = await s3.send(new GetBucketVersioningCommand(named));
  const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand(named));
  const metrics = await s3.send(new ListBucketMetricsConfigurationsCommand(named));
  return {
    encryption: encryption?.ServerSideEncryptionConfiguration?.Rules,
    lifecycle: lifecycle?.Rules,
    access: access?.PublicAccessBlockConfiguration,
    tags: tagging?.TagSet,
    cors: cors?.CORSRules,
    policy: JSON.parse(policy?.Policy ?? 'null') as unknown,
    website: website?.IndexDocument,
    acceleration: Status,
    versioning: versioning.Status,
    ownership: OwnershipControls?.Rules,
    metrics: metrics.MetricsConfigurationList?.map(({ Id }) => Id),
  };
}

const readersOf = (team: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/${team}/*`,
      },
    ],
  });

const bucket: Life = {
  kind: 's3/Bucket',
  spec: { name: Bucket },
  read: ({ s3 }) => readBucket(s3),
  made: {
    versioning: 'Enabled',
    encryption: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    lifecycle: [{ ID: 'old-versions', NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
    access: { BlockPublicPolicy: true },
    tags: tagOf('web'),
  },
  changes: {
    lifecycle: {
      rules: [{ id: 'old', status: 'Enabled', filter: { prefix: 'l/' }, expiration: { days: 30 } }],
    },
    publicAccessBlock: { blockPublicPolicy: false },
    tagging: { tagSet: [{ key: 'team', value: 'api' }] },
    cors: { corsRules: [{ allowedMethods: ['GET'], allowedOrigins: ['*'], maxAgeSeconds: 60 }] },
    policy: readersOf('web'),
    versioning: { status: 'Suspended' },
    metrics: [{ id: 'all' }],
    website: { indexDocument: { suffix: 'index.html' } },
    accelerate: { status: 'Enabled' },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerPreferred' }] },
  },
  changed: {
    lifecycle: [{ ID: 'old', Expiration: { Days: 30 } }],
    access: { BlockPublicPolicy: false, BlockPublicAcls: true },
    tags: tagOf('api'),
    cors: exactly({ AllowedMethods: ['GET'], MaxAgeSeconds: 60 }),
    policy: { Statement: [{ Action: 's3:GetObject' }] },
    website: { Suffix: 'index.html' },
    acceleration: 'Enabled',
    ownership: [{ ObjectOwnership: 'BucketOwnerPreferred' }],
    versioning: 'Suspended',
    metrics: ['all'],
  },
  fixed: { name: 'another-bucket' },
};

export const dataLives: readonly Life[] = [logGroup, table, backup, bucket];
