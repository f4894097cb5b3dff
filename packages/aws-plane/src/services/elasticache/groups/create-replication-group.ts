// CreateReplicationGroup:
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
import type {
  CreateReplicationGroupMessage,
  CreateReplicationGroupResult,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { conditions, creationChecks, homeOf, use } from '../access.ts';
import { beginCreate } from '../caches/begin.ts';
import { networkOf } from '../caches/network.ts';
import {
  authTokenOf,
  engineOf,
  newCache,
  portOf,
  snapshotDaysOf,
  userGroupsOf,
  windowOf,
} from '../caches/new-cache.ts';
import { nodeType } from '../catalogue.ts';
import { faults } from '../faults.ts';
import { groups, parameterGroups, snapshots, subnetGroups, userGroups } from '../kinds.ts';
import { identifier } from '../names.ts';
import { findParameterGroup } from '../parameters/parameter-records.ts';
import type { StoredCache, StoredShard, StoredSnapshot } from '../records.ts';
import { snapshotToRestore, withSnapshot } from '../snapshots/restoring.ts';
import { groupShape } from './group-shape.ts';
import { planShards } from './shards.ts';

type Input = CreateReplicationGroupMessage;

/** Cluster mode: said so, by a parameter group, by shards, or by the snapshot. */
function isClustered(call: Call, input: Input, restored: StoredSnapshot | undefined): boolean {
  if (input.ClusterMode === 'enabled' || input.ClusterMode === 'compatible') return true;
  if (input.ClusterMode === 'disabled') return false;
  if (input.CacheParameterGroupName) {
    const group = findParameterGroup(call.plane.store, homeOf(call), input.CacheParameterGroupName);
    return group?.values['cluster-enabled'] === 'yes';
  }
  const shards = input.NumNodeGroups ?? input.NodeGroupConfiguration?.length;
  return shards === undefined ? restored?.cache.clustered === true : shards > 1;
}

/** As many as are asked for, else as the snapshot has, else one. */
function shardCount({ NumNodeGroups, NodeGroupConfiguration }: Input, restored: number | undefined): number {
  return NumNodeGroups ?? NodeGroupConfiguration?.length ?? restored ?? 1;
}

function shardsOf(
  call: Call,
  name: string,
  input: Input,
  at: { clustered: boolean; restored?: StoredSnapshot | undefined },
): StoredShard[] {
  const { clustered, restored } = at;
  const configurations = input.NodeGroupConfiguration;
  const count = shardCount(input, clustered ? restored?.cache.shards.length : undefined);
  if (!clustered && count > 1) {
    throw faults.invalidCombination(
      'Use of a parameter group with cluster-enabled off is not allowed with more than one node group.',
    );
  }
  if (input.NumCacheClusters !== undefined && input.ReplicasPerNodeGroup !== undefined) {
    throw faults.invalidCombination(
      'NumCacheClusters and ReplicasPerNodeGroup cannot be specified together.',
    );
  }
  const replicas = input.ReplicasPerNodeGroup ?? (input.NumCacheClusters ?? 1) - 1;
  return planShards(call, {
    group: name,
    clustered,
    count,
    replicas,
    configurations,
    zones: input.PreferredCacheClusterAZs,
  });
}

interface Together {
  readonly input: Input;
  readonly clustered: boolean;
  readonly shards: readonly StoredShard[];
}

/** What does not go together, and what ElastiCache says to it. */
const conflicts: readonly (readonly [(request: Together) => boolean, string])[] = [
  [
    ({ input, clustered, shards }) =>
      clustered && input.AutomaticFailoverEnabled === false && shards.length > 1,
    'Redis with cluster mode enabled cannot be created with auto failover turned off.',
  ],
  [
    ({ input, clustered, shards }) =>
      !clustered && input.AutomaticFailoverEnabled === true && shards.some(({ nodes }) => nodes.length < 2),
    'When automatic failover is enabled, the replication group must have at least 2 cache clusters.',
  ],
  [
    ({ input, clustered }) =>
      input.MultiAZEnabled === true && input.AutomaticFailoverEnabled !== true && !clustered,
    'Multi-AZ is only supported when automatic failover is enabled.',
  ],
  [
    ({ input }) => input.AuthToken !== undefined && input.TransitEncryptionEnabled !== true,
    'The AUTH token is only supported when encryption-in-transit is enabled.',
  ],
  [
    ({ input }) => (input.UserGroupIds ?? []).length > 0 && input.TransitEncryptionEnabled !== true,
    'User group based access control requires encryption-in-transit to be enabled.',
  ],
  [
    ({ input }) => (input.UserGroupIds ?? []).length > 0 && input.AuthToken !== undefined,
    'UserGroupIds and AuthToken cannot be specified together.',
  ],
];

function assertTogether(request: Together): void {
  for (const [clashes, message] of conflicts) if (clashes(request)) throw faults.invalidCombination(message);
}

function assertServed(input: Input): void {
  if (input.GlobalReplicationGroupId) throw faults.notImplemented('Joining a global replication group');
  if (input.PrimaryClusterId)
    throw faults.notImplemented('Making a replication group of an existing cluster');
  if (input.LogDeliveryConfigurations?.length) throw faults.notImplemented('The delivery of logs');
  if (input.DataTieringEnabled === true) throw faults.notImplemented('Data tiering');
  if (!input.ReplicationGroupDescription) {
    throw faults.invalidValue(
      'The parameter ReplicationGroupDescription must be provided and must not be blank.',
    );
  }
}

function settingsFrom(input: Input) {
  return {
    port: portOf(input.Port, 6379),
    kmsKeyId: input.KmsKeyId,
    topic: input.NotificationTopicArn,
    maintenanceWindow: windowOf(input.PreferredMaintenanceWindow, 'sun:05:00-sun:06:00'),
    snapshotWindow: windowOf(input.SnapshotWindow, '03:00-04:00'),
    snapshotDays: snapshotDaysOf(input.SnapshotRetentionLimit),
    autoMinor: input.AutoMinorVersionUpgrade ?? true,
    multiAz: input.MultiAZEnabled ?? false,
    description: input.ReplicationGroupDescription ?? '',
  };
}

async function recordOf(call: Call, name: string, input: Input): Promise<StoredCache> {
  const restored = snapshotToRestore(call, input);
  const clustered = isClustered(call, input, restored);
  const engine = engineOf(call, withSnapshot(input, restored), { otherwise: 'redis', clustered });
  if (engine.engine === 'memcached')
    throw faults.invalidValue('Replication groups are not supported for memcached.');
  const shards = shardsOf(call, name, input, { clustered, restored });
  assertTogether({ input, clustered, shards });
  const tls = input.TransitEncryptionEnabled === true;
  return newCache(
    call,
    { kind: 'replicationgroup', name, tags: input.Tags },
    {
      ...engine,
      ...(await networkOf(call, input)),
      ...settingsFrom(input),
      nodeType: nodeType(withSnapshot(input, restored).CacheNodeType),
      tls: tls ? (input.TransitEncryptionMode ?? 'required') : 'off',
      atRest: input.AtRestEncryptionEnabled ?? engine.engine === 'valkey',
      authTokens: authTokenOf(input.AuthToken),
      userGroups: userGroupsOf(call, input.UserGroupIds, engine.engine),
      clustered,
      shards,
      failover: input.AutomaticFailoverEnabled ?? clustered,
      networkType: 'ipv4',
      clusterMode: input.ClusterMode ?? (clustered ? 'enabled' : 'disabled'),
      restoreFrom: restored?.dataId,
    },
  );
}

export const createReplicationGroup = defineOperation<Input, CreateReplicationGroupResult>({
  name: 'CreateReplicationGroup',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateReplicationGroup', groups, {
        name: input.ReplicationGroupId,
        tags: input.Tags,
        context: conditions({
          NumNodeGroups: input.NumNodeGroups,
          CacheNodeType: input.CacheNodeType,
          ReplicasPerNodeGroup: input.ReplicasPerNodeGroup,
          EngineVersion: input.EngineVersion,
          EngineType: input.Engine,
          AtRestEncryptionEnabled: input.AtRestEncryptionEnabled ?? false,
          TransitEncryptionEnabled: input.TransitEncryptionEnabled ?? false,
          AutomaticFailoverEnabled: input.AutomaticFailoverEnabled ?? false,
          MultiAZEnabled: input.MultiAZEnabled ?? false,
          ClusterModeEnabled: (input.NumNodeGroups ?? 1) > 1,
          AuthTokenEnabled: input.AuthToken !== undefined,
          SnapshotRetentionLimit: input.SnapshotRetentionLimit,
          KmsKeyId: input.KmsKeyId,
          CacheParameterGroupName: input.CacheParameterGroupName,
        }),
        uses: [
          use(parameterGroups, input.CacheParameterGroupName),
          use(subnetGroups, input.CacheSubnetGroupName),
          use(snapshots, input.SnapshotName),
          ...(input.UserGroupIds ?? []).map((id) => use(userGroups, id)),
        ],
      }),
  },
  async handle(call, input) {
    const name = identifier(input.ReplicationGroupId, 'ReplicationGroupId', 40);
    assertServed(input);
    const cache = await recordOf(call, name, input);
    await beginCreate(call, cache);
    return { ReplicationGroup: groupShape(call, cache) };
  },
});
