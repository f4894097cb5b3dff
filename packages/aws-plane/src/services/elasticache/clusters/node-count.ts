// How many nodes a Memcached cluster has, and which of them come and go.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheCluster.html
import type { ModifyCacheClusterMessage } from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { placeNodes } from '../caches/network.ts';
import { faults } from '../faults.ts';
import type { StoredCache, StoredNode } from '../records.ts';
import { nodesOf } from './cluster-shape.ts';

const MOST_NODES = 40;

/** `0001` and on. */
export function nodeIds(count: number, after = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(after + index + 1).padStart(4, '0'));
}

export function assertNodeCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_NODES) return;
  throw faults.invalidValue(`NumCacheNodes must be between 1 and ${MOST_NODES}.`);
}

/** The nodes that a cluster is to have; undefined when they stay. */
export function nextNodes(
  call: Call,
  cache: StoredCache,
  input: ModifyCacheClusterMessage,
): readonly StoredNode[] | undefined {
  const nodes = nodesOf(cache);
  const { NumCacheNodes: count = nodes.length, CacheNodeIdsToRemove: gone = [] } = input;
  if (cache.engine !== 'memcached') {
    if (count !== 1) throw faults.invalidValue('NumCacheNodes must be 1 for this engine.');
    return undefined;
  }
  assertNodeCount(count);
  if (count >= nodes.length) {
    if (gone.length > 0) {
      throw faults.invalidCombination('CacheNodeIdsToRemove is only valid when nodes are removed.');
    }
    return count === nodes.length ? undefined : [...nodes, ...added(call, nodes, count, input)];
  }
  const unknown = gone.find((id) => !nodes.some((node) => node.id === id));
  if (unknown !== undefined)
    throw faults.invalidValue(`Cache node ${unknown} is not a node of ${cache.name}.`);
  if (new Set(gone).size !== nodes.length - count) {
    throw faults.invalidCombination(
      'The number of CacheNodeIdsToRemove must be the difference between the present and the wanted NumCacheNodes.',
    );
  }
  return nodes.filter(({ id }) => !gone.includes(id));
}

function added(
  call: Call,
  nodes: readonly StoredNode[],
  count: number,
  { NewAvailabilityZones: zones = [] }: ModifyCacheClusterMessage,
): StoredNode[] {
  const more = count - nodes.length;
  if (zones.length > 0 && zones.length !== more) {
    throw faults.invalidCombination('NewAvailabilityZones must name a zone for each node that is added.');
  }
  // Ids are not used again while there is a later one.
  const last = Math.max(0, ...nodes.map(({ id }) => Number(id)));
  return placeNodes(call, nodeIds(more, last), zones, nodes.length);
}
