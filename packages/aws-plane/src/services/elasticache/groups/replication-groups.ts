// Replication groups: found, changed, deleted.
import type {
  DeleteReplicationGroupMessage,
  DeleteReplicationGroupResult,
  DescribeReplicationGroupsMessage,
  ModifyReplicationGroupMessage,
  ModifyReplicationGroupResult,
  ReplicationGroupMessage,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, conditions, homeOf, onNamed, use } from '../access.ts';
import { assertChangeable, beginChange, beginDelete } from '../caches/begin.ts';
import { commonChanges } from '../caches/common-changes.ts';
import { userGroupsOf } from '../caches/new-cache.ts';
import { faults } from '../faults.ts';
import { groups, named, userGroups } from '../kinds.ts';
import { pageOf } from '../paging.ts';
import type { StoredCache } from '../records.ts';
import { finalSnapshot } from '../snapshots/final-snapshot.ts';
import { listRecords } from '../state.ts';
import { groupShape } from './group-shape.ts';

type Input = ModifyReplicationGroupMessage;

const describe = defineOperation<DescribeReplicationGroupsMessage, ReplicationGroupMessage>({
  name: 'DescribeReplicationGroups',
  access: onNamed('DescribeReplicationGroups', groups, (input) => input.ReplicationGroupId),
  handle(call, { ReplicationGroupId, ...page }) {
    const { store } = call.plane;
    const home = homeOf(call);
    if (ReplicationGroupId) {
      return { ReplicationGroups: [groupShape(call, named(store, groups, home, ReplicationGroupId))] };
    }
    const { items, Marker } = pageOf(listRecords(store, groups, home), ({ name }) => name, page);
    return { Marker, ReplicationGroups: items.map((cache) => groupShape(call, cache)) };
  },
});

function nextUserGroups(call: Call, cache: StoredCache, input: Input): readonly string[] {
  if (input.RemoveUserGroups === true) return [];
  const gone = new Set(input.UserGroupIdsToRemove?.map((id) => id.toLowerCase()));
  const kept = cache.userGroups.filter((id) => !gone.has(id));
  const next = userGroupsOf(call, [...kept, ...(input.UserGroupIdsToAdd ?? [])], cache.engine);
  if (next.length > 0 && cache.tls === 'off') {
    throw faults.invalidCombination(
      'User group based access control requires encryption-in-transit to be enabled.',
    );
  }
  return next;
}

/** From nothing to `preferred` to `required` and back, one step at a time, as AWS has it. */
function nextTls(cache: StoredCache, input: Input): StoredCache['tls'] {
  const { TransitEncryptionEnabled: enabled = cache.tls !== 'off', TransitEncryptionMode: mode } = input;
  if (!enabled) {
    if (cache.tls === 'required') {
      throw faults.invalidCombination(
        'TransitEncryptionMode must be preferred before encryption-in-transit is disabled.',
      );
    }
    return 'off';
  }
  if (cache.tls === 'off' && mode !== 'preferred') {
    throw faults.invalidCombination(
      'TransitEncryptionMode must be preferred when encryption-in-transit is enabled on an existing replication group.',
    );
  }
  return mode ?? (cache.tls === 'off' ? 'preferred' : cache.tls);
}

/** Another primary for a group without cluster mode. */
function nextShards(cache: StoredCache, primary: string | undefined): StoredCache['shards'] {
  if (primary === undefined) return cache.shards;
  if (cache.clustered)
    throw faults.invalidCombination('PrimaryClusterId is not supported with cluster mode enabled.');
  if (cache.failover) {
    throw faults.invalidCombination('The primary cannot be changed while automatic failover is enabled.');
  }
  return cache.shards.map((shard) => {
    const chosen = shard.nodes.find(({ id }) => id === primary.toLowerCase());
    if (!chosen) throw faults.noSuchCluster(primary);
    return { ...shard, nodes: [chosen, ...shard.nodes.filter((node) => node !== chosen)] };
  });
}

function extraChanges(call: Call, cache: StoredCache, input: Input): Partial<StoredCache> {
  const failover = input.AutomaticFailoverEnabled ?? cache.failover;
  const multiAz = input.MultiAZEnabled ?? (failover && cache.multiAz);
  if (failover && !cache.clustered && cache.shards.some(({ nodes }) => nodes.length < 2)) {
    throw faults.invalidCombination(
      'Automatic failover can only be enabled for replication groups with at least one replica.',
    );
  }
  if (multiAz && !failover)
    throw faults.invalidCombination('Multi-AZ requires automatic failover to be enabled.');
  if (input.ClusterMode !== undefined && input.ClusterMode !== cache.clusterMode) {
    throw faults.notImplemented('Changing the cluster mode of a replication group');
  }
  return {
    description: input.ReplicationGroupDescription ?? cache.description,
    failover,
    multiAz,
    tls: nextTls(cache, input),
    userGroups: nextUserGroups(call, cache, input),
    shards: nextShards(cache, input.PrimaryClusterId),
  };
}

const modify = defineOperation<Input, ModifyReplicationGroupResult>({
  name: 'ModifyReplicationGroup',
  access: {
    iam: (input, call) => [
      checkOn(call, 'ModifyReplicationGroup', groups, {
        name: input.ReplicationGroupId ?? '',
        context: conditions({
          CacheNodeType: input.CacheNodeType,
          EngineVersion: input.EngineVersion,
          AutomaticFailoverEnabled: input.AutomaticFailoverEnabled,
          MultiAZEnabled: input.MultiAZEnabled,
          AuthTokenEnabled: input.AuthToken !== undefined,
          SnapshotRetentionLimit: input.SnapshotRetentionLimit,
          CacheParameterGroupName: input.CacheParameterGroupName,
          TransitEncryptionEnabled: input.TransitEncryptionEnabled,
        }),
      }),
      ...(input.UserGroupIdsToAdd ?? []).map((id) =>
        checkOn(call, 'ModifyReplicationGroup', use(userGroups, id)[0], { name: id }),
      ),
    ],
  },
  async handle(call, input) {
    const before = named(call.plane.store, groups, homeOf(call), input.ReplicationGroupId);
    assertChangeable(call, before);
    const planned = await commonChanges(call, before, input, { patch: extraChanges(call, before, input) });
    const cache = await beginChange(call, { kind: 'replicationgroup', name: before.name }, () => planned);
    return { ReplicationGroup: groupShape(call, cache) };
  },
});

const remove = defineOperation<DeleteReplicationGroupMessage, DeleteReplicationGroupResult>({
  name: 'DeleteReplicationGroup',
  access: onNamed('DeleteReplicationGroup', groups, (input) => input.ReplicationGroupId),
  async handle(call, { ReplicationGroupId, RetainPrimaryCluster, FinalSnapshotIdentifier }) {
    if (RetainPrimaryCluster === true) throw faults.notImplemented('Retaining the primary cluster');
    const before = finalSnapshot(call, FinalSnapshotIdentifier);
    const cache = await beginDelete(call, { kind: 'replicationgroup', name: ReplicationGroupId }, before);
    return { ReplicationGroup: groupShape(call, cache) };
  },
});

export const replicationGroupOperations: readonly AnyOperation[] = [describe, modify, remove];
