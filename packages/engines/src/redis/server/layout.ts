// The shards of a cache as they run: which node is what, who has which slots, and where each key belongs.
import type { CacheLayout, EnginePlace } from '../../contract.ts';
import { Dataset } from '../data/dataset.ts';
import type { Entry, Keyspace } from '../data/keyspace.ts';
import { SLOT_COUNT, slotOf, slotRangesOf } from '../data/hash-slot.ts';
import type { Cluster, ClusterNode, ClusterShard } from '../session.ts';
import type { NodeRole } from './cache-node.ts';

interface Shard {
  readonly dataset: Dataset;
  readonly view: ClusterShard;
  readonly names: readonly string[];
}

export interface LayoutFacts {
  readonly placeOf: (name: string) => EnginePlace;
  readonly clusterIdOf: (name: string) => string;
  readonly nowMs: () => number;
}

export class RunningLayout implements Cluster {
  readonly epoch: number;
  readonly clustered: boolean;
  readonly shards: readonly ClusterShard[];
  readonly #all: readonly Shard[];
  readonly #bySlot: readonly (Shard | undefined)[];

  /** Shards that have a node in common with one of `before` keep its data. */
  constructor({ clustered, shards }: CacheLayout, facts: LayoutFacts, before?: RunningLayout) {
    this.epoch = (before?.epoch ?? 0) + 1;
    this.clustered = clustered;
    const inherited = new Set<Dataset>();
    this.#all = shards.map(({ slots, nodes }, index) => {
      const own = nodes
        .map((name) => (before ? before.#shardOfNode(name)?.dataset : undefined))
        .find((found) => found && !inherited.has(found));
      if (own) inherited.add(own);
      const members = nodes.map((name, at): ClusterNode => {
        const { host, port } = facts.placeOf(name);
        return { id: facts.clusterIdOf(name), host, port, isPrimary: at === 0 };
      });
      const view = { id: String(index + 1).padStart(4, '0'), slots: slotRangesOf(slots), nodes: members };
      return { dataset: own ?? new Dataset(facts.nowMs), view, names: nodes };
    });
    this.shards = this.#all.map(({ view }) => view);
    this.#bySlot = slotTable(this.#all);
    if (before) this.#takeOver(before);
  }

  #shardOfNode(name: string): Shard | undefined {
    return this.#all.find(({ names }) => names.includes(name));
  }

  /** Keys go to where their slots are now. */
  #takeOver(before: RunningLayout): void {
    for (const { dataset } of before.#all) {
      for (const space of dataset.spaces()) {
        // NOTE: a Map's iterator goes on well while entries are deleted.
        for (const { key, value: entry } of space.entries.nodes())
          this.#place(key, entry, { dataset, space });
      }
    }
  }

  #place(key: string, entry: Entry, from: { readonly dataset: Dataset; readonly space: Keyspace }): void {
    const target = this.datasetOf(key);
    if (target === from.dataset) return;
    from.space.remove(key);
    target.space(from.space.index).set(key, entry.value, entry.expiresMs);
  }

  get datasets(): readonly Dataset[] {
    return this.#all.map(({ dataset }) => dataset);
  }

  datasetOf(key: string): Dataset {
    const shard = this.clustered ? this.#bySlot[slotOf(key)] : this.#all[0];
    if (!shard) throw new Error('a cache has no shard for one of its keys');
    return shard.dataset;
  }

  shardOf(slot: number): ClusterShard | undefined {
    return this.#bySlot[slot]?.view;
  }

  /** What the node or the door of this name is. */
  roleOf(name: string): NodeRole {
    const shard = this.#shardOfNode(name) ?? this.#all[0];
    if (!shard) throw new Error('a cache has no shards');
    const at = shard.names.indexOf(name);
    const isReader = name === 'reader' && shard.names.length > 1;
    const self = shard.view.nodes[at >= 0 ? at : isReader ? 1 : 0];
    if (!self) throw new Error('a shard has no nodes');
    const others = shard.view.nodes.filter((node) => node !== self);
    return {
      dataset: shard.dataset,
      clusterId: self.id,
      isReplica: !self.isPrimary,
      peers: self.isPrimary ? others : shard.view.nodes.slice(0, 1),
      cluster: this.clustered ? this : undefined,
    };
  }
}

function slotTable(shards: readonly Shard[]): (Shard | undefined)[] {
  const table = Array.from<Shard | undefined>({ length: SLOT_COUNT });
  for (const shard of shards) {
    for (const [first, last] of shard.view.slots) table.fill(shard, first, last + 1);
  }
  return table;
}
