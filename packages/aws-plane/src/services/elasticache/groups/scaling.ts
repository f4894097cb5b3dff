// Replication groups: more and fewer replicas and shards, and failover.
import type {
  DecreaseReplicaCountMessage,
  IncreaseReplicaCountMessage,
  ModifyReplicationGroupShardConfigurationMessage,
  ReplicationGroup,
  TestFailoverMessage,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, conditions, onNamed } from '../access.ts';
import { beginChange } from '../caches/begin.ts';
import { layoutOf } from '../caches/settings.ts';
import { faults } from '../faults.ts';
import { groups } from '../kinds.ts';
import type { StoredCache, StoredShard } from '../records.ts';
import { groupShape } from './group-shape.ts';
import { evenSlots, planShards, resized } from './shards.ts';

interface Answer {
  readonly ReplicationGroup?: ReplicationGroup | undefined;
}

async function changeShards(
  call: Call,
  name: string | undefined,
  message: string,
  change: (cache: StoredCache) => readonly StoredShard[],
): Promise<Answer> {
  const cache = await beginChange(call, { kind: 'replicationgroup', name }, (now) => {
    const shards = change(now);
    return {
      message,
      change: async (engine) => {
        await engine.setLayout(layoutOf({ ...now, shards }));
        return { shards };
      },
    };
  });
  return { ReplicationGroup: groupShape(call, cache) };
}

type CountInput = IncreaseReplicaCountMessage | DecreaseReplicaCountMessage;

/** How many replicas each shard is to have. */
function wantedReplicas(input: CountInput, shard: StoredShard): number {
  const own = input.ReplicaConfiguration?.find(({ NodeGroupId }) => NodeGroupId === shard.id);
  if (input.ReplicaConfiguration?.length) return own?.NewReplicaCount ?? shard.nodes.length - 1;
  if ('ReplicasToRemove' in input && input.ReplicasToRemove?.length) {
    return shard.nodes.filter(({ id }) => !input.ReplicasToRemove?.includes(id)).length - 1;
  }
  if (input.NewReplicaCount !== undefined) return input.NewReplicaCount;
  throw faults.invalidCombination('One of NewReplicaCount and ReplicaConfiguration must be specified.');
}

function withReplicas(
  call: Call,
  cache: StoredCache,
  input: CountInput,
  isMore: boolean,
): readonly StoredShard[] {
  if (input.ApplyImmediately !== true) throw faults.invalidValue('ApplyImmediately must be true.');
  const next = cache.shards.map((shard) => {
    const replicas = wantedReplicas(input, shard);
    const now = shard.nodes.length - 1;
    if (isMore ? replicas < now : replicas > now) {
      throw faults.invalidValue(`The number of replicas of node group ${shard.id} is already ${now}.`);
    }
    const chosen = 'ReplicasToRemove' in input ? (input.ReplicasToRemove ?? []) : [];
    if (chosen.includes(shard.nodes[0]?.id ?? '')) {
      throw faults.invalidValue(`${shard.nodes[0]?.id ?? ''} is the primary and cannot be removed.`);
    }
    const kept = { ...shard, nodes: shard.nodes.filter(({ id }) => !chosen.includes(id)) };
    const own = input.ReplicaConfiguration?.find(({ NodeGroupId }) => NodeGroupId === shard.id);
    const zones = own?.PreferredAvailabilityZones;
    return resized(call, kept, { group: cache.name, clustered: cache.clustered, replicas, zones });
  });
  if (next.every((shard, index) => shard.nodes.length === cache.shards[index]?.nodes.length)) {
    throw faults.noOperation('The operation was not performed because no changes were required.');
  }
  if (cache.failover && !cache.clustered && next.some(({ nodes }) => nodes.length < 2)) {
    throw faults.invalidCombination(
      'A replication group with automatic failover needs at least one replica.',
    );
  }
  return next;
}

const increase = defineOperation<IncreaseReplicaCountMessage, Answer>({
  name: 'IncreaseReplicaCount',
  access: onNamed('IncreaseReplicaCount', groups, (input) => input.ReplicationGroupId),
  handle: (call, input) =>
    changeShards(call, input.ReplicationGroupId, 'Replicas added', (cache) =>
      withReplicas(call, cache, input, true),
    ),
});

const decrease = defineOperation<DecreaseReplicaCountMessage, Answer>({
  name: 'DecreaseReplicaCount',
  access: onNamed('DecreaseReplicaCount', groups, (input) => input.ReplicationGroupId),
  handle: (call, input) =>
    changeShards(call, input.ReplicationGroupId, 'Replicas removed', (cache) =>
      withReplicas(call, cache, input, false),
    ),
});

function withShards(
  call: Call,
  cache: StoredCache,
  input: ModifyReplicationGroupShardConfigurationMessage,
): readonly StoredShard[] {
  if (input.ApplyImmediately !== true) throw faults.invalidValue('ApplyImmediately must be true.');
  if (!cache.clustered) throw faults.invalidCombination('Resharding requires cluster mode to be enabled.');
  const count = input.NodeGroupCount ?? 0;
  const kept = keptShards(cache, input, count);
  const replicas = Math.max(...cache.shards.map(({ nodes }) => nodes.length)) - 1;
  const used = new Set(cache.shards.map(({ id }) => id));
  const free = Array.from({ length: count + used.size }, (_, index) => String(index + 1).padStart(4, '0'));
  const ids = free.filter((id) => !used.has(id)).slice(0, Math.max(0, count - kept.length));
  const added = ids.map((id) => {
    const [shard] = planShards(call, {
      group: cache.name,
      clustered: true,
      count: 1,
      replicas,
      configurations: [{ NodeGroupId: id }],
    });
    return shard ?? { id, slots: '', nodes: [] };
  });
  return [...kept, ...added].map((shard, index) => ({ ...shard, slots: evenSlots(index, count) }));
}

function keptShards(
  cache: StoredCache,
  input: ModifyReplicationGroupShardConfigurationMessage,
  count: number,
): readonly StoredShard[] {
  const { NodeGroupsToRemove: gone = [], NodeGroupsToRetain: retained = [] } = input;
  if (count < 1 || count > 90) throw faults.invalidValue('NodeGroupCount must be within 1 and 90.');
  if (count >= cache.shards.length) {
    if (count === cache.shards.length)
      throw faults.noOperation('The number of node groups is already as requested.');
    return cache.shards;
  }
  for (const id of [...gone, ...retained]) {
    if (!cache.shards.some((shard) => shard.id === id)) throw faults.noSuchNodeGroup(id);
  }
  const kept = cache.shards.filter(({ id }) =>
    retained.length > 0 ? retained.includes(id) : !gone.includes(id),
  );
  if (kept.length === count) return kept;
  throw faults.invalidCombination(
    'NodeGroupsToRemove or NodeGroupsToRetain must leave NodeGroupCount node groups.',
  );
}

const reshard = defineOperation<ModifyReplicationGroupShardConfigurationMessage, Answer>({
  name: 'ModifyReplicationGroupShardConfiguration',
  access: {
    iam: (input, call) => [
      checkOn(call, 'ModifyReplicationGroupShardConfiguration', groups, {
        name: input.ReplicationGroupId ?? '',
        context: conditions({ NumNodeGroups: input.NodeGroupCount }),
      }),
    ],
  },
  handle: (call, input) =>
    changeShards(call, input.ReplicationGroupId, 'Slots moved', (cache) => withShards(call, cache, input)),
});

/** The first replica becomes the primary. */
function failedOver(cache: StoredCache, id: string | undefined): readonly StoredShard[] {
  if (!cache.failover)
    throw faults.invalidCombination('Automatic failover must be enabled for a test failover.');
  const shard = cache.shards.find((each) => each.id === id);
  if (!shard) throw faults.noSuchNodeGroup(id ?? '');
  const [primary, next, ...rest] = shard.nodes;
  if (!primary || !next)
    throw faults.groupState(`Node group ${shard.id} has no replica that could take over.`);
  return cache.shards.map((each) => (each === shard ? { ...each, nodes: [next, ...rest, primary] } : each));
}

const testFailover = defineOperation<TestFailoverMessage, Answer>({
  name: 'TestFailover',
  access: onNamed('TestFailover', groups, (input) => input.ReplicationGroupId),
  handle: (call, input) =>
    changeShards(
      call,
      input.ReplicationGroupId,
      `Failover of node group ${input.NodeGroupId ?? ''} completed`,
      (cache) => failedOver(cache, input.NodeGroupId),
    ),
});

export const scalingOperations: readonly AnyOperation[] = [increase, decrease, reshard, testFailover];
