// Table: its keys and indexes, throughput, streams, time to live, backups and policy.
import type { Dealings, FieldRule, KindDescription, Raw, Ways } from '../../kind/description.ts';
import { select } from '../../kind/values/select.ts';
import { dynamodb } from './service.ts';
import {
  changeBilling,
  changeIndexes,
  changeReplicas,
  changeStream,
  withoutIdleSettings,
} from './table-changes.ts';

const name = { TableName: '$TableName' };

const fields: Readonly<Record<string, FieldRule>> = {
  // They follow from the keys of the table and of its indexes.
  AttributeDefinitions: { required: true, compare: 'never' },
  BillingMode: { observe: 'BillingMode' },
  ContinuousBackups: {
    from: 'UpdateContinuousBackups.PointInTimeRecoverySpecification',
    observe: 'ContinuousBackups',
    part: {
      put: 'UpdateContinuousBackups',
      input: { ...name, PointInTimeRecoverySpecification: '$value' },
    },
  },
  ContributorInsights: {
    from: 'UpdateContributorInsights.ContributorInsightsAction',
    observe: 'ContributorInsights',
    part: {
      put: 'UpdateContributorInsights',
      input: { ...name, ContributorInsightsAction: '$value' },
    },
  },
  DeletionProtectionEnabled: {},
  GlobalSecondaryIndexes: {},
  GlobalSecondaryIndexesDescriptions: {
    status: true,
    listOf: 'GlobalSecondaryIndexDescription',
    observe: 'GlobalSecondaryIndexes',
  },
  GlobalTableSettingsReplicationMode: { compare: 'never' },
  GlobalTableSourceArn: { compare: 'never' },
  KeySchema: { required: true, immutable: true },
  LocalSecondaryIndexes: { immutable: true },
  ResourcePolicy: {
    compare: 'policy',
    part: {
      put: 'PutResourcePolicy',
      input: { ResourceArn: '$arn', Policy: '$value' },
      remove: { operation: 'DeleteResourcePolicy', input: { ResourceArn: '$arn' } },
      read: {
        operation: 'GetResourcePolicy',
        input: { ResourceArn: '$arn' },
        at: 'Policy',
        absent: ['PolicyNotFoundException'],
      },
    },
  },
  SSESpecification: { observe: 'SSESpecification' },
  TableClass: { observe: 'TableClass' },
  TableName: { replace: true },
  TableReplicas: { listOf: 'CreateReplicationGroupMemberAction', observe: 'Replicas' },
  TimeToLive: {
    from: 'UpdateTimeToLive.TimeToLiveSpecification',
    observe: 'TimeToLive',
    part: { put: 'UpdateTimeToLive', input: { ...name, TimeToLiveSpecification: '$value' } },
  },
  WarmThroughput: { compare: 'never' },
};

/** What tables tell in another form than they are told. */
async function read(dealings: Dealings): Promise<Raw> {
  const { resource } = dealings;
  const summary = (path: string, otherwise?: string): unknown => select(resource, path) ?? otherwise;
  return {
    BillingMode: summary('BillingModeSummary.BillingMode', 'PROVISIONED'),
    TableClass: summary('TableClassSummary.TableClass', 'STANDARD'),
    SSESpecification: {
      Enabled: ['ENABLED', 'ENABLING', 'UPDATING'].includes(String(summary('SSEDescription.Status'))),
      SSEType: summary('SSEDescription.SSEType'),
      KMSMasterKeyId: summary('SSEDescription.KMSMasterKeyArn'),
    },
    ...(await readTimeToLive(dealings)),
    ...(await readBackups(dealings)),
    ...(await readInsights(dealings)),
  };
}

async function readTimeToLive({ call, find, isAsked }: Dealings): Promise<Raw> {
  if (!isAsked('TimeToLive')) return {};
  const { TimeToLiveDescription } = await call('DescribeTimeToLive', { TableName: find('$TableName') });
  const status = String(select(TimeToLiveDescription, 'TimeToLiveStatus'));
  const AttributeName = select(TimeToLiveDescription, 'AttributeName');
  return { TimeToLive: { AttributeName, Enabled: status === 'ENABLED' || status === 'ENABLING' } };
}

async function readBackups({ call, find, isAsked }: Dealings): Promise<Raw> {
  if (!isAsked('ContinuousBackups')) return {};
  const answer = await call('DescribeContinuousBackups', { TableName: find('$TableName') });
  const description = select(answer, 'ContinuousBackupsDescription.PointInTimeRecoveryDescription');
  return {
    ContinuousBackups: {
      PointInTimeRecoveryEnabled: select(description, 'PointInTimeRecoveryStatus') === 'ENABLED',
      RecoveryPeriodInDays: select(description, 'RecoveryPeriodInDays'),
    },
  };
}

async function readInsights({ call, find, isAsked }: Dealings): Promise<Raw> {
  if (!isAsked('ContributorInsights')) return {};
  const { ContributorInsightsStatus: status } = await call('DescribeContributorInsights', {
    TableName: find('$TableName'),
  });
  return { ContributorInsights: status === 'ENABLED' || status === 'ENABLING' ? 'ENABLE' : 'DISABLE' };
}

const ways: Ways = {
  operations: [
    'DescribeTimeToLive',
    'DescribeContinuousBackups',
    'DescribeContributorInsights',
    'UpdateTable',
  ],
  read,
  update: {
    BillingMode: changeBilling,
    ProvisionedThroughput: changeBilling,
    StreamSpecification: changeStream,
    GlobalSecondaryIndexes: changeIndexes,
    TableReplicas: changeReplicas,
  },
  compare: ({ spec }, observed, differences) => withoutIdleSettings(differences, spec, observed.spec),
  progressOf: ({ status }) => {
    const indexes = status['globalSecondaryIndexesDescriptions'];
    const replicas = status['replicas'];
    const busy = [
      ...(Array.isArray(indexes) ? indexes : []).map((index) => select(index, 'indexStatus')),
      ...(Array.isArray(replicas) ? replicas : []).map((replica) => select(replica, 'replicaStatus')),
    ].find((state) => state !== undefined && state !== 'ACTIVE');
    if (busy === undefined) return undefined;
    return { state: 'waiting', because: `an index or a replica is ${String(busy)}`, againMs: 1_000 };
  },
  dataAtRisk: async (call, { spec }) => {
    const { Count } = await call('Scan', { TableName: spec['tableName'], Limit: 1, Select: 'COUNT' });
    return Number(Count) > 0 ? 'it holds items' : undefined;
  },
};

export const table: KindDescription = {
  service: dynamodb,
  kind: 'Table',
  isStateful: true,
  identity: 'TableName',
  ignore: ['BillingModeSummary', 'SSEDescription', 'TableClassSummary', 'VectorIndexes'],
  fields,
  nestedReferences: {
    'sseSpecification.kmsMasterKeyID': { kind: 'kms/Key', path: 'status.ackResourceMetadata.arn' },
  },
  create: [{ operation: 'CreateTable', at: 'TableDescription' }],
  read: [{ operation: 'DescribeTable', input: name, at: 'Table', absent: ['ResourceNotFoundException'] }],
  // AWS takes these one at a time.
  update: [
    {
      operation: 'UpdateTable',
      input: name,
      fields: ['DeletionProtectionEnabled', 'OnDemandThroughput', 'SSESpecification', 'TableClass'],
      single: true,
    },
  ],
  tags: {
    field: 'Tags',
    read: {
      operation: 'ListTagsOfResource',
      input: { ResourceArn: '$arn' },
      at: 'Tags',
      page: ['NextToken', 'NextToken'],
    },
    add: { operation: 'TagResource', input: { ResourceArn: '$arn', Tags: '$tags' } },
    drop: { operation: 'UntagResource', input: { ResourceArn: '$arn', TagKeys: '$keys' } },
  },
  remove: [{ operation: 'DeleteTable', input: name }],
  progress: {
    path: 'TableStatus',
    ready: ['ACTIVE', 'ARCHIVED'],
    failed: ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'REPLICATION_NOT_AUTHORIZED'],
    removing: ['DELETING'],
    againMs: 1_000,
  },
  protection: 'DeletionProtectionEnabled',
  busy: ['ResourceInUseException', 'LimitExceededException'],
  terminal: ['ValidationException', 'InvalidParameter'],
  columns: [
    { name: 'ARN', path: '.status.ackResourceMetadata.arn', priority: 1 },
    { name: 'CLASS', path: '.spec.tableClass', priority: 1 },
    { name: 'STATUS', path: '.status.tableStatus' },
    { name: 'ITEMS', path: '.status.itemCount', type: 'integer', priority: 1 },
  ],
  ways,
};
