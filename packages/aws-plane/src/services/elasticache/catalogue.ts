// Engines, their versions and families, and the types of nodes with their memory.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
import { faults } from './faults.ts';

export interface Version {
  readonly engine: string;
  /** As DescribeCacheEngineVersions lists it. */
  readonly listed: string;
  /** In full, as caches show it. */
  readonly full: string;
  readonly family: string;
}

const rows = `redis 4.0.10 4.0.10 redis4.0
redis 5.0.6 5.0.6 redis5.0
redis 6.0 6.0.5 redis6.x
redis 6.2 6.2.6 redis6.x
redis 7.0 7.0.7 redis7
redis 7.1 7.1.0 redis7
valkey 7.2 7.2.6 valkey7
valkey 8.0 8.0.1 valkey8
memcached 1.6.12 1.6.12 memcached1.6
memcached 1.6.17 1.6.17 memcached1.6
memcached 1.6.22 1.6.22 memcached1.6`;

export const versions: readonly Version[] = rows.split('\n').map((row) => {
  const [engine = '', listed = '', full = '', family = ''] = row.split(' ');
  return { engine, listed, full, family };
});

export const families: readonly string[] = [...new Set(versions.map(({ family }) => family))];

export function engineName(text: string | undefined, otherwise: string): string {
  const engine = (text || otherwise).toLowerCase();
  if (versions.some((version) => version.engine === engine)) return engine;
  throw faults.invalidValue(`Invalid engine: ${text ?? ''}. Valid values are: memcached, redis, valkey.`);
}

/** The version that `text` means: listed, full, or a beginning such as `7` and `6.x`. Without one the newest. */
export function versionOf(engine: string, text: string | undefined): Version {
  const own = versions.filter((version) => version.engine === engine);
  const wanted = (text ?? '').replace(/\.x$/, '');
  const found = own.findLast(
    ({ listed, full }) =>
      wanted === '' || listed === wanted || full === wanted || `${full}.`.startsWith(`${wanted}.`),
  );
  if (found) return found;
  throw faults.invalidValue(`Cannot find version ${text ?? ''} for ${engine}`);
}

/** The family of a version in full. */
export function familyOf(engine: string, full: string): string {
  return versions.find((version) => version.engine === engine && version.full === full)?.family ?? '';
}

const sizes: Readonly<Record<string, number>> = {
  't2.micro': 0.555,
  't2.small': 1.55,
  't2.medium': 3.22,
  't3.micro': 0.5,
  't3.small': 1.37,
  't3.medium': 3.09,
  't4g.micro': 0.5,
  't4g.small': 1.37,
  't4g.medium': 3.09,
};
const larges: Readonly<Record<string, number>> = {
  m4: 6.42,
  m5: 6.38,
  m6g: 6.38,
  m7g: 6.38,
  r4: 12.3,
  r5: 13.07,
  r6g: 13.07,
  r7g: 13.07,
  r6gd: 26.32,
  c7gn: 3.09,
};
const factors: Readonly<Record<string, number>> = {
  large: 1,
  xlarge: 2,
  '2xlarge': 4,
  '4xlarge': 8,
  '8xlarge': 16,
  '12xlarge': 24,
  '16xlarge': 32,
  '24xlarge': 48,
};

const types: ReadonlyMap<string, number> = new Map([
  ...Object.entries(sizes),
  ...Object.entries(larges).flatMap(([family, memory]) =>
    Object.entries(factors).map(([size, factor]) => [`${family}.${size}`, memory * factor] as const),
  ),
]);

/** Throws when ElastiCache has no such type of node. */
export function nodeType(text: string | undefined): string {
  if (text !== undefined && text.startsWith('cache.') && types.has(text.slice(6))) return text;
  throw faults.invalidValue(`The parameter CacheNodeType must be a valid node type: ${text ?? ''}`);
}

/** GiB of memory. */
export function memoryOf(type: string): number {
  return types.get(type.slice(6)) ?? 0;
}

/** Other types that a node may become, by their memory. */
export function otherTypes(type: string): { readonly larger: string[]; readonly smaller: string[] } {
  const own = memoryOf(type);
  const names = [...types].filter(([name]) => `cache.${name}` !== type && !name.startsWith('r6gd'));
  const list = (wanted: (memory: number) => boolean) =>
    names
      .filter(([, memory]) => wanted(memory))
      .map(([name]) => `cache.${name}`)
      .sort();
  return { larger: list((memory) => memory > own), smaller: list((memory) => memory < own) };
}
