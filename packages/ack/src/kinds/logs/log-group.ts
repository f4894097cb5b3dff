// LogGroup: retention, encryption, filters and tags of a log group.
import type { KindDescription } from '../../kind/description.ts';
import { logs } from './service.ts';

const name = { logGroupName: '$name' };

export const logGroup: KindDescription = {
  service: logs,
  kind: 'LogGroup',
  shortNames: ['lg'],
  isStateful: true,
  identity: 'name',
  renames: { logGroupName: 'name' },
  fields: {
    name: { immutable: true },
    kmsKeyId: {
      reference: { kind: 'kms/Key', path: 'status.ackResourceMetadata.arn' },
      part: {
        put: 'AssociateKmsKey',
        input: { ...name, kmsKeyId: '$value' },
        remove: { operation: 'DisassociateKmsKey', input: name },
      },
      observe: 'kmsKeyId',
    },
    logGroupClass: { replace: true },
    deletionProtectionEnabled: {
      part: {
        put: 'PutLogGroupDeletionProtection',
        input: { logGroupIdentifier: '$name', deletionProtectionEnabled: '$value' },
      },
      observe: 'deletionProtectionEnabled',
    },
    retentionDays: {
      from: 'PutRetentionPolicy.retentionInDays',
      observe: 'retentionInDays',
      part: {
        put: 'PutRetentionPolicy',
        input: { ...name, retentionInDays: '$value' },
        remove: { operation: 'DeleteRetentionPolicy', input: name },
      },
    },
    subscriptionFilters: {
      listOf: 'PutSubscriptionFilterRequest',
      entries: {
        key: 'filterName',
        add: { operation: 'PutSubscriptionFilter', input: { ...name, $: '$entry' } },
        drop: { operation: 'DeleteSubscriptionFilter', input: { ...name, filterName: '$key' } },
        read: {
          operation: 'DescribeSubscriptionFilters',
          input: name,
          at: 'subscriptionFilters',
          page: ['nextToken', 'nextToken'],
        },
      },
    },
    metricFilters: {
      listOf: 'PutMetricFilterRequest',
      entries: {
        key: 'filterName',
        add: { operation: 'PutMetricFilter', input: { ...name, $: '$entry' } },
        drop: { operation: 'DeleteMetricFilter', input: { ...name, filterName: '$key' } },
        read: {
          operation: 'DescribeMetricFilters',
          input: name,
          at: 'metricFilters',
          page: ['nextToken', 'nextToken'],
        },
      },
    },
    creationTime: { status: true, from: 'DescribeLogGroups.logGroups.creationTime' },
    dataProtectionStatus: { status: true, from: 'DescribeLogGroups.logGroups.dataProtectionStatus' },
    metricFilterCount: { status: true, from: 'DescribeLogGroups.logGroups.metricFilterCount' },
    retentionInDays: { status: true, from: 'DescribeLogGroups.logGroups.retentionInDays' },
    storedBytes: { status: true, from: 'DescribeLogGroups.logGroups.storedBytes' },
  },
  arn: 'arn:$partition:logs:$region:$account:log-group:$name',
  create: [{ operation: 'CreateLogGroup' }],
  read: [
    {
      operation: 'DescribeLogGroups',
      input: { logGroupNamePrefix: '$name' },
      at: 'logGroups',
      where: { logGroupName: '$name' },
      page: ['nextToken', 'nextToken'],
    },
  ],
  tags: {
    field: 'tags',
    read: { operation: 'ListTagsForResource', input: { resourceArn: '$logGroupArn' }, at: 'tags' },
    add: { operation: 'TagResource', input: { resourceArn: '$logGroupArn', tags: '$tags' } },
    drop: { operation: 'UntagResource', input: { resourceArn: '$logGroupArn', tagKeys: '$keys' } },
  },
  remove: [{ operation: 'DeleteLogGroup', input: name }],
  gone: ['ResourceNotFoundException'],
  terminal: ['InvalidParameterException', 'InvalidParameter'],
  columns: [
    { name: 'RETENTION', path: '.spec.retentionDays', type: 'integer' },
    { name: 'BYTES', path: '.status.storedBytes', type: 'integer' },
  ],
  ways: {
    dataAtRisk: (_call, { status }) => {
      const bytes = Number(status['storedBytes'] ?? 0);
      return Promise.resolve(bytes > 0 ? `it holds ${bytes} bytes of logs` : undefined);
    },
  },
};
