// Settings of a cache as text, and those of them that change what the server does.
import { evictionPolicies, type EvictionPolicy, type EvictionSettings } from '../data/eviction.ts';

const defaults: Readonly<Record<string, string>> = {
  maxmemory: '0',
  'maxmemory-policy': 'volatile-lru',
  'maxmemory-samples': '3',
  maxclients: '65000',
  timeout: '0',
  databases: '16',
  'proto-max-bulk-len': '536870912',
  save: '',
  appendonly: 'no',
  'notify-keyspace-events': '',
};

export function parametersFrom(given: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries({ ...defaults, ...given }));
}

export function evictionOf(parameters: ReadonlyMap<string, string>): EvictionSettings {
  const policy = parameters.get('maxmemory-policy') as EvictionPolicy;
  return {
    maxMemory: Number(parameters.get('maxmemory') ?? 0),
    policy: evictionPolicies.includes(policy) ? policy : 'noeviction',
    samples: Math.max(1, Number(parameters.get('maxmemory-samples') ?? 3)),
  };
}

/** How many numbered databases there are; a cluster has one. */
export function databasesOf(parameters: ReadonlyMap<string, string>): number {
  return Math.max(1, Number(parameters.get('databases') ?? 16));
}
