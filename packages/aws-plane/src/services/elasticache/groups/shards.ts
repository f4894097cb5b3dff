// Shards of replication groups: how slots are shared out, how nodes are called.
import type { NodeGroupConfiguration } from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { placeNodes } from '../caches/network.ts';
import { faults } from '../faults.ts';
import type { StoredShard } from '../records.ts';

const SLOTS = 16_384;
const MOST_SHARDS = 90;
const MOST_REPLICAS = 5;

export interface ShardPlan {
  readonly group: string;
  readonly clustered: boolean;
  readonly count: number;
  readonly replicas: number;
  readonly configurations?: readonly NodeGroupConfiguration[] | undefined;
  readonly zones?: readonly string[] | undefined;
}

const four = (number: number) => String(number).padStart(4, '0');

/** The `index`th of `count` even shares. */
export function evenSlots(index: number, count: number): string {
  const edge = (at: number) => Math.floor((at * SLOTS) / count);
  return `${edge(index)}-${edge(index + 1) - 1}`;
}

export function nodeNames(group: string, shardId: string, clustered: boolean, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return clustered ? `${group}-${shardId}-${number}` : `${group}-${number}`;
  });
}

export function assertReplicas(replicas: number): void {
  if (Number.isInteger(replicas) && replicas >= 0 && replicas <= MOST_REPLICAS) return;
  throw faults.invalidValue(`The number of replicas per node group must be within 0 and ${MOST_REPLICAS}.`);
}

export function planShards(call: Call, plan: ShardPlan): StoredShard[] {
  const { group, clustered, configurations = [] } = plan;
  if (plan.count < 1 || plan.count > MOST_SHARDS) {
    throw faults.shardQuota(`The number of node groups must be within 1 and ${MOST_SHARDS}.`);
  }
  if (configurations.length > 0 && configurations.length !== plan.count) {
    throw faults.invalidCombination('The number of node group configurations must match NumNodeGroups.');
  }
  const shards = Array.from({ length: plan.count }, (_, index): StoredShard => {
    const own = configurations[index];
    const id = own?.NodeGroupId ?? four(index + 1);
    const replicas = own?.ReplicaCount ?? plan.replicas;
    assertReplicas(replicas);
    const zones = own ? [own.PrimaryAvailabilityZone, ...(own.ReplicaAvailabilityZones ?? [])] : plan.zones;
    const names = nodeNames(group, id, clustered, replicas + 1);
    const wanted = (zones ?? []).filter((zone) => zone !== undefined);
    return {
      id,
      slots: own?.Slots ?? evenSlots(index, plan.count),
      nodes: placeNodes(call, names, wanted, index),
    };
  });
  assertSlots(shards);
  return shards;
}

/** Every slot in exactly one shard. */
function assertSlots(shards: readonly StoredShard[]): void {
  const taken = new Uint8Array(SLOTS);
  for (const { id, slots } of shards) {
    if (!/^\d{1,4}$/.test(id)) throw faults.invalidValue(`Invalid node group id: ${id}.`);
    for (const range of slots.split(',')) {
      const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(range.trim()) ?? [];
      const [from, to] = [Number(first), Number(last)];
      if (!(from <= to && to < SLOTS))
        throw faults.invalidValue(`Invalid slots of node group ${id}: ${slots}.`);
      for (let slot = from; slot <= to; slot++) taken[slot] = (taken[slot] ?? 0) + 1;
    }
  }
  if (taken.some((count) => count !== 1)) {
    throw faults.invalidCombination('The slots of the node groups must cover 0-16383 and must not overlap.');
  }
}

/** Adds replicas to a shard, or takes the last ones away. The primary stays. */
export function resized(
  call: Call,
  shard: StoredShard,
  { group, clustered, replicas, zones }: Pick<ShardPlan, 'group' | 'clustered' | 'replicas' | 'zones'>,
): StoredShard {
  assertReplicas(replicas);
  const wanted = replicas + 1;
  if (shard.nodes.length >= wanted) return { ...shard, nodes: shard.nodes.slice(0, wanted) };
  const taken = new Set(shard.nodes.map(({ id }) => id));
  const free = nodeNames(group, shard.id, clustered, wanted + taken.size).filter((name) => !taken.has(name));
  const added = placeNodes(
    call,
    free.slice(0, wanted - taken.size),
    zones?.slice(taken.size),
    shard.nodes.length,
  );
  return { ...shard, nodes: [...shard.nodes, ...added] };
}
