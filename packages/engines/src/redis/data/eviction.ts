// What goes when memory is full: the policies of maxmemory, by samples as in Redis.
import type { Dataset } from './dataset.ts';
import type { Entry, Keyspace } from './keyspace.ts';

export const evictionPolicies = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;
export type EvictionPolicy = (typeof evictionPolicies)[number];

export interface EvictionSettings {
  /** Bytes; 0: no limit. */
  readonly maxMemory: number;
  readonly policy: EvictionPolicy;
  readonly samples: number;
}

/** Drops keys until there is room. False when there is none to be made. */
export function makeRoom(dataset: Dataset, settings: EvictionSettings, fraction: () => number): boolean {
  const { maxMemory, policy } = settings;
  if (maxMemory <= 0) return true;
  while (dataset.usedBytes > maxMemory) {
    if (policy === 'noeviction') return false;
    const victim = worstOf(dataset, settings, fraction);
    if (!victim) return false;
    victim.space.remove(victim.key);
    dataset.evictedKeys++;
  }
  return true;
}

interface Victim {
  readonly space: Keyspace;
  readonly key: string;
  readonly badness: number;
}

function worstOf(
  dataset: Dataset,
  { policy, samples }: EvictionSettings,
  fraction: () => number,
): Victim | undefined {
  let worst: Victim | undefined;
  const nowMs = dataset.nowMs();
  for (const space of dataset.spaces()) {
    const pool = policy.startsWith('volatile') ? space.volatile : space.entries;
    for (let draw = 0; draw < samples; draw++) {
      const key = pool.random(fraction)?.key;
      const entry = key === undefined ? undefined : space.entries.get(key);
      if (key === undefined || !entry) break;
      const badness = badnessOf(policy, entry, nowMs);
      if (!worst || badness > worst.badness) worst = { space, key, badness };
    }
  }
  return worst;
}

function badnessOf(policy: EvictionPolicy, entry: Entry, nowMs: number): number {
  if (policy === 'volatile-ttl') return -entry.expiresMs;
  const idleMs = nowMs - entry.usedMs;
  if (policy.endsWith('-lru')) return idleMs;
  // Uses fade by one a minute, as `lfu-decay-time 1` has it.
  if (policy.endsWith('-lfu')) return 255 - Math.max(0, entry.uses - Math.floor(idleMs / 60_000));
  return 0;
}
