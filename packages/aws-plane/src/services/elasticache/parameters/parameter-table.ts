// The parameters of Redis and Valkey that users meet, as ElastiCache describes them.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html

export interface ParameterRow {
  readonly name: string;
  readonly value: string;
  readonly type: 'string' | 'integer' | 'float';
  /** `1-100`, or words with commas between. */
  readonly allowed: string;
  readonly isModifiable: boolean;
  readonly change: 'immediate' | 'requires-reboot';
}

const yesNo = 'yes,no';
const big = '0-4294967295';

// name, value, type, allowed values, modifiable (y, n; r: in force after a reboot)
const redis: readonly (readonly [string, string, string, string, string])[] = [
  ['activedefrag', 'no', 'string', yesNo, 'y'],
  ['activerehashing', 'yes', 'string', yesNo, 'r'],
  ['appendfsync', 'everysec', 'string', 'always,everysec,no', 'n'],
  ['appendonly', 'no', 'string', yesNo, 'n'],
  ['client-output-buffer-limit-normal-hard-limit', '0', 'integer', big, 'y'],
  ['client-output-buffer-limit-normal-soft-limit', '0', 'integer', big, 'y'],
  ['client-output-buffer-limit-normal-soft-seconds', '0', 'integer', big, 'y'],
  ['client-output-buffer-limit-pubsub-hard-limit', '33554432', 'integer', big, 'y'],
  ['client-output-buffer-limit-pubsub-soft-limit', '8388608', 'integer', big, 'y'],
  ['client-output-buffer-limit-pubsub-soft-seconds', '60', 'integer', big, 'y'],
  ['cluster-allow-pubsubshard-when-down', 'yes', 'string', yesNo, 'n'],
  ['cluster-allow-reads-when-down', 'no', 'string', yesNo, 'y'],
  ['cluster-enabled', 'no', 'string', yesNo, 'r'],
  ['cluster-require-full-coverage', 'no', 'string', yesNo, 'n'],
  ['databases', '16', 'integer', '1-1200000', 'r'],
  ['hash-max-listpack-entries', '512', 'integer', big, 'y'],
  ['hash-max-listpack-value', '64', 'integer', big, 'y'],
  ['hll-sparse-max-bytes', '3000', 'integer', '1-16000', 'y'],
  ['latency-tracking', 'no', 'string', yesNo, 'y'],
  ['lazyfree-lazy-eviction', 'yes', 'string', yesNo, 'n'],
  ['lazyfree-lazy-expire', 'yes', 'string', yesNo, 'n'],
  ['lazyfree-lazy-server-del', 'yes', 'string', yesNo, 'n'],
  ['lazyfree-lazy-user-del', 'yes', 'string', yesNo, 'n'],
  ['lfu-decay-time', '1', 'integer', big, 'y'],
  ['lfu-log-factor', '10', 'integer', '1-4294967295', 'y'],
  ['list-compress-depth', '0', 'integer', big, 'y'],
  ['maxclients', '65000', 'integer', '1-65000', 'n'],
  [
    'maxmemory-policy',
    'volatile-lru',
    'string',
    'volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction',
    'y',
  ],
  ['maxmemory-samples', '3', 'integer', '1-4294967295', 'y'],
  ['min-replicas-max-lag', '10', 'integer', big, 'n'],
  ['min-replicas-to-write', '0', 'integer', big, 'n'],
  ['notify-keyspace-events', '', 'string', '', 'y'],
  ['proto-max-bulk-len', '536870912', 'integer', '1048576-4294967295', 'y'],
  ['rename-commands', '', 'string', '', 'n'],
  ['repl-backlog-size', '1048576', 'integer', '16384-4294967295', 'y'],
  ['repl-backlog-ttl', '3600', 'integer', big, 'n'],
  ['repl-timeout', '60', 'integer', '11-60', 'n'],
  ['replica-allow-chaining', 'no', 'string', yesNo, 'n'],
  ['replica-ignore-maxmemory', 'yes', 'string', yesNo, 'n'],
  ['replica-lazy-flush', 'no', 'string', yesNo, 'n'],
  ['replica-serve-stale-data', 'yes', 'string', yesNo, 'n'],
  ['reserved-memory-percent', '25', 'integer', '0-100', 'y'],
  ['set-max-intset-entries', '512', 'integer', big, 'y'],
  ['set-max-listpack-entries', '128', 'integer', big, 'y'],
  ['slowlog-log-slower-than', '10000', 'integer', '-1-4294967295', 'y'],
  ['slowlog-max-len', '128', 'integer', big, 'y'],
  ['stream-node-max-bytes', '4096', 'integer', big, 'y'],
  ['stream-node-max-entries', '100', 'integer', big, 'y'],
  ['tcp-keepalive', '300', 'integer', big, 'y'],
  ['timeout', '0', 'integer', '0,20-4294967295', 'y'],
  ['tracking-table-max-keys', '1000000', 'integer', '1-100000000', 'y'],
  ['zset-max-listpack-entries', '128', 'integer', big, 'y'],
  ['zset-max-listpack-value', '64', 'integer', big, 'y'],
];

const rows: readonly ParameterRow[] = redis.map(([name, value, type, allowed, mark]) => ({
  name,
  value,
  type: type as ParameterRow['type'],
  allowed,
  isModifiable: mark !== 'n',
  change: mark === 'r' ? 'requires-reboot' : 'immediate',
}));

/** Since which version a parameter is there, of those that were not always. */
const since: Readonly<Record<string, number>> = {
  activedefrag: 4,
  'lfu-decay-time': 4,
  'lfu-log-factor': 4,
  'stream-node-max-bytes': 5,
  'stream-node-max-entries': 5,
  'tracking-table-max-keys': 6,
  'cluster-allow-reads-when-down': 6,
  'cluster-allow-pubsubshard-when-down': 7,
  'latency-tracking': 7,
  'hash-max-listpack-entries': 7,
  'hash-max-listpack-value': 7,
  'set-max-listpack-entries': 7,
  'zset-max-listpack-entries': 7,
  'zset-max-listpack-value': 7,
};

/** The parameters of a family, e.g. `redis7`; those of memcached are not known here. */
export function parameterTable(family: string): readonly ParameterRow[] {
  const major = Number(/^(?:redis|valkey)(\d+)/.exec(family)?.[1] ?? Number.NaN);
  return Number.isNaN(major) ? [] : rows.filter(({ name }) => (since[name] ?? 0) <= major);
}

/** Whether a row takes a value. */
export function accepts({ type, allowed }: ParameterRow, value: string): boolean {
  if (type === 'integer' && !/^-?\d+$/.test(value)) return false;
  if (allowed === '') return true;
  return allowed.split(',').some((part) => {
    const [, from, to] = /^(-?\d+)-(\d+)$/.exec(part) ?? [];
    if (from === undefined || to === undefined) return part === value;
    return Number(value) >= Number(from) && Number(value) <= Number(to);
  });
}
