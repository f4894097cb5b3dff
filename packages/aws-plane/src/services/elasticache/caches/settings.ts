// A cache as the engine host wants it: users from groups, parameters from the group and the type of node, nodes and doors.
import type { CacheDoor, CacheLayout, CacheSettings } from '@pergola/engines';
import type { Reader } from '@pergola/store';
import { memoryOf } from '../catalogue.ts';
import { engineParameters } from '../parameters/parameter-values.ts';
import type { StoredCache } from '../records.ts';
import type { Home } from '../state.ts';
import { cacheUsers } from '../users/user-records.ts';

const GIB = 1024 ** 3;
/** All caches share one process, so each gets no more than this, whatever its nodes would have. */
const MOST_BYTES = 256 * 1024 ** 2;

export function layoutOf({
  kind,
  engine,
  clustered,
  shards,
}: Pick<StoredCache, 'kind' | 'engine' | 'clustered' | 'shards'>): CacheLayout {
  return {
    clustered,
    shards: shards.map(({ slots, nodes }) => ({ slots, nodes: nodes.map(({ id }) => id) })),
    doors: engine === 'memcached' ? ['configuration'] : doorsOf(kind, clustered),
  };
}

function doorsOf(kind: StoredCache['kind'], clustered: boolean): CacheDoor[] {
  if (kind === 'cluster') return [];
  if (kind === 'serverlesscache') return ['configuration', 'reader'];
  return clustered ? ['configuration'] : ['primary', 'reader'];
}

export function parametersOf(reader: Reader, home: Home, cache: StoredCache): Record<string, string> {
  const values = engineParameters(reader, home, cache.parameterGroup);
  const reserved = Number(values['reserved-memory-percent'] ?? 25) / 100;
  const own = cache.nodeType === '' ? MOST_BYTES : memoryOf(cache.nodeType) * GIB * (1 - reserved);
  return { ...values, maxmemory: String(Math.floor(Math.min(own, MOST_BYTES))) };
}

export function accessOf(reader: Reader, home: Home, { userGroups, authTokens }: StoredCache) {
  return { users: cacheUsers(reader, home, userGroups), authTokens };
}

export function settingsOf(reader: Reader, home: Home, cache: StoredCache): CacheSettings {
  return {
    id: cache.engineId,
    engine: cache.engine as CacheSettings['engine'],
    version: cache.version,
    port: cache.port,
    tls: cache.tls,
    parameters: parametersOf(reader, home, cache),
    layout: layoutOf(cache),
    ...accessOf(reader, home, cache),
  };
}
