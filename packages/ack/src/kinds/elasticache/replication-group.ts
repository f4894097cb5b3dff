// ReplicationGroup: Redis or Valkey with replicas and shards.
import type { FieldRule, KindDescription } from '../../kind/description.ts';
import { readGroup, changeReplicas, changeShards, updateInput } from './replication-group-ways.ts';
import {
  cacheProgress,
  elasticache,
  kmsKey,
  named,
  replaced,
  securityGroups,
  tags,
  terminal,
  topic,
  untold,
} from './service.ts';

const fields: Readonly<Record<string, FieldRule>> = {
  AllowedScaleDownModifications: {
    status: true,
    from: 'ListAllowedNodeTypeModifications.ScaleDownModifications',
    observe: 'AllowedScaleDownModifications',
  },
  AllowedScaleUpModifications: {
    status: true,
    from: 'ListAllowedNodeTypeModifications.ScaleUpModifications',
    observe: 'AllowedScaleUpModifications',
  },
  AtRestEncryptionEnabled: replaced,
  AuthToken: { secret: true },
  AutomaticFailoverEnabled: { observe: 'AutomaticFailoverEnabled' },
  CacheParameterGroupName: {
    observe: 'CacheParameterGroup.CacheParameterGroupName',
    compare: 'caseless',
    reference: { kind: 'CacheParameterGroup', path: 'spec.cacheParameterGroupName' },
  },
  CacheSecurityGroupNames: untold,
  CacheSubnetGroupName: {
    ...named,
    observe: 'CacheSubnetGroupName',
    reference: { kind: 'CacheSubnetGroup', path: 'spec.cacheSubnetGroupName' },
  },
  DataTieringEnabled: { replace: true, observe: 'DataTieringEnabled' },
  EngineVersion: { observe: 'EngineVersion', compare: 'version' },
  Events: { status: true, from: 'DescribeEvents.Events' },
  GlobalReplicationGroupId: { replace: true, observe: 'GlobalReplicationGroupInfo.GlobalReplicationGroupId' },
  KmsKeyId: kmsKey,
  MultiAZEnabled: { observe: 'MultiAZEnabled' },
  NetworkType: { immutable: true },
  NodeGroupConfiguration: untold,
  NotificationTopicArn: topic,
  NumCacheClusters: { observe: 'NumCacheClusters' },
  NumNodeGroups: { observe: 'NumNodeGroups' },
  Port: { replace: true, observe: 'Port' },
  PreferredCacheClusterAZs: untold,
  PreferredMaintenanceWindow: { observe: 'PreferredMaintenanceWindow', compare: 'caseless' },
  PrimaryClusterId: untold,
  ReplicasPerNodeGroup: { observe: 'ReplicasPerNodeGroup' },
  ReplicationGroupId: named,
  SecurityGroupIds: securityGroups,
  ServerlessCacheSnapshotName: untold,
  SnapshotArns: untold,
  SnapshotName: { ...untold, reference: { kind: 'Snapshot', path: 'spec.snapshotName' } },
  UserGroupIds: { reference: { kind: 'UserGroup', path: 'spec.userGroupID' } },
};

export const replicationGroup: KindDescription = {
  service: elasticache,
  kind: 'ReplicationGroup',
  isStateful: true,
  identity: 'ReplicationGroupId',
  renames: { ReplicationGroupDescription: 'Description' },
  fields,
  alsoInStatus: ['LogDeliveryConfigurations'],
  create: [{ operation: 'CreateReplicationGroup', at: 'ReplicationGroup' }],
  read: [
    {
      operation: 'DescribeReplicationGroups',
      input: { ReplicationGroupId: '$ReplicationGroupId' },
      at: 'ReplicationGroups[0]',
      absent: ['ReplicationGroupNotFoundFault'],
    },
  ],
  update: [
    {
      operation: 'ModifyReplicationGroup',
      input: { ReplicationGroupId: '$ReplicationGroupId', ApplyImmediately: true },
      names: { UserGroupIdsToAdd: 'UserGroupIds' },
    },
  ],
  tags,
  remove: [
    {
      operation: 'DeleteReplicationGroup',
      input: { ReplicationGroupId: '$ReplicationGroupId', RetainPrimaryCluster: false },
    },
  ],
  progress: cacheProgress('Status', ['available']),
  busy: ['InvalidReplicationGroupState'],
  terminal: [...terminal, 'NodeGroupsPerReplicationGroupQuotaExceeded', 'InvalidCacheSecurityGroupState'],
  columns: [
    { name: 'ENGINE', path: '.spec.engine' },
    { name: 'STATUS', path: '.status.status' },
    { name: 'ENDPOINT', path: '.status.nodeGroups[0].primaryEndpoint.address' },
    { name: 'CONFIGURATION', path: '.status.configurationEndpoint.address', priority: 1 },
  ],
  ways: {
    operations: [
      'DescribeCacheClusters',
      'ListAllowedNodeTypeModifications',
      'IncreaseReplicaCount',
      'DecreaseReplicaCount',
      'ModifyReplicationGroupShardConfiguration',
    ],
    read: readGroup,
    update: {
      NumNodeGroups: changeShards,
      NumCacheClusters: changeReplicas,
      ReplicasPerNodeGroup: changeReplicas,
    },
    updateInput,
    dataAtRisk: () => Promise.resolve('it is a cache that may hold data'),
  },
};
