// What a server says of itself: INFO, CONFIG GET, TIME, ROLE and their like.
import { command, type Command, container } from '../command.ts';
import { globMatcher } from '../data/glob.ts';
import { integerOf } from '../data/numbers.ts';
import { faults, OK, Pairs, type Reply, Verbatim } from '../resp/reply.ts';
import type { Session } from '../session.ts';

const topic = 'server' as const;

type Section = (session: Session) => readonly string[];

function keyspaceLines({ dataset }: Session): string[] {
  return dataset
    .spaces()
    .filter(({ size }) => size > 0)
    .map((space) => `db${space.index}:keys=${space.size},expires=${space.volatile.size},avg_ttl=0`);
}

function replicationLines({ node }: Session): string[] {
  const [primary] = node.peers;
  if (node.isReplica) {
    return [
      'role:slave',
      `master_host:${primary?.host ?? ''}`,
      `master_port:${primary?.port ?? 0}`,
      'master_link_status:up',
      'slave_read_only:1',
      'connected_slaves:0',
    ];
  }
  const replicas = node.peers.map(
    ({ host, port }, index) => `slave${index}:ip=${host},port=${port},state=online,offset=0,lag=0`,
  );
  return ['role:master', `connected_slaves:${replicas.length}`, ...replicas, 'master_repl_offset:0'];
}

const sections: Readonly<Record<string, Section>> = {
  server: ({ node }) => [
    `redis_version:${node.engine === 'redis' ? node.version : '7.2.4'}`,
    ...(node.engine === 'valkey' ? ['server_name:valkey', `valkey_version:${node.version}`] : []),
    `redis_mode:${node.cluster ? 'cluster' : 'standalone'}`,
    'os:Amazon ElastiCache',
    'arch_bits:64',
    `run_id:${node.clusterId}`,
    `tcp_port:${node.port}`,
    `uptime_in_seconds:${Math.floor((node.clock.nowMs() - node.statistics.startedMs) / 1000)}`,
  ],
  clients: ({ node }) => {
    const all = [...node.sessions()];
    return [
      `connected_clients:${all.length}`,
      `blocked_clients:${all.filter(({ isBlocked }) => isBlocked).length}`,
      `maxclients:${node.parameters.get('maxclients') ?? '65000'}`,
    ];
  },
  memory: ({ dataset, node }) => [
    `used_memory:${dataset.usedBytes}`,
    `maxmemory:${node.parameters.get('maxmemory') ?? '0'}`,
    `maxmemory_policy:${node.parameters.get('maxmemory-policy') ?? 'volatile-lru'}`,
  ],
  persistence: ({ dataset }) => [
    'loading:0',
    `rdb_changes_since_last_save:${dataset.dirty}`,
    'aof_enabled:0',
  ],
  stats: ({ node, dataset }) => [
    `total_connections_received:${node.statistics.connections}`,
    `total_commands_processed:${node.statistics.commands}`,
    `expired_keys:${dataset.expiredKeys}`,
    `evicted_keys:${dataset.evictedKeys}`,
    `keyspace_hits:${node.statistics.hits}`,
    `keyspace_misses:${node.statistics.misses}`,
    `pubsub_channels:${node.pubSub.channels('channel').length}`,
    `pubsub_patterns:${node.pubSub.patternCount}`,
  ],
  replication: replicationLines,
  cluster: ({ node }) => [`cluster_enabled:${node.cluster ? 1 : 0}`],
  keyspace: keyspaceLines,
};

function info(session: Session, names: string[]): Reply {
  const wanted = names.map((name) => name.toLowerCase());
  const isAll = wanted.length === 0 || wanted.some((name) => ['all', 'default', 'everything'].includes(name));
  const blocks = Object.entries(sections)
    .filter(([name]) => isAll || wanted.includes(name))
    .map(([name, lines]) => {
      const title = name.charAt(0).toUpperCase() + name.slice(1);
      return [`# ${title}`, ...lines(session), ''].join('\r\n');
    });
  return new Verbatim(blocks.join('\r\n'));
}

function configGet({ node }: Session, [, ...patterns]: string[]): Reply {
  const matchers = patterns.map((pattern) => globMatcher(pattern.toLowerCase()));
  const found = [...node.parameters].filter(([name]) => matchers.some((matches) => matches(name)));
  return new Pairs(found);
}

function time({ node }: Session): Reply {
  const nowMs = node.clock.nowMs();
  return [String(Math.floor(nowMs / 1000)), String((nowMs % 1000) * 1000)];
}

function role({ node }: Session): Reply {
  const [primary] = node.peers;
  if (node.isReplica) return ['slave', primary?.host ?? '', primary?.port ?? 0, 'connected', 0];
  return ['master', 0, node.peers.map(({ host, port }) => [host, String(port), '0'])];
}

/** Replicas share the primary's data here, so they have every write at once. */
function wait({ node }: Session, [count, timeout]: string[]): Reply {
  integerOf(count);
  if (integerOf(timeout) < 0) throw faults.error('timeout is negative');
  if (node.isReplica) throw faults.error('WAIT cannot be used with replica instances.');
  return node.peers.length;
}

export const serverFactCommands: readonly Command[] = [
  command('info', -1, { topic, flags: 'dangerous' }, info),
  command('time', 1, { topic, flags: 'fast' }, time),
  command('role', 1, { topic, flags: 'fast admin dangerous' }, role),
  command('lastsave', 1, { topic, flags: 'fast admin dangerous' }, ({ node }) =>
    Math.floor(node.statistics.startedMs / 1000),
  ),
  command('wait', 3, { topic: 'connection', flags: 'blocking' }, wait),
  container('config', { topic }, [
    command('config|get', -3, { topic, flags: 'admin dangerous' }, configGet),
    command('config|resetstat', 2, { topic, flags: 'admin dangerous' }, ({ node, dataset }) => {
      Object.assign(node.statistics, { connections: 0, commands: 0, hits: 0, misses: 0 });
      Object.assign(dataset, { expiredKeys: 0, evictedKeys: 0 });
      return OK;
    }),
  ]),
  container('slowlog', { topic }, [
    command('slowlog|get', -2, { topic, flags: 'admin dangerous' }, () => []),
    command('slowlog|len', 2, { topic, flags: 'admin dangerous' }, () => 0),
    command('slowlog|reset', 2, { topic, flags: 'admin dangerous' }, () => OK),
  ]),
];
