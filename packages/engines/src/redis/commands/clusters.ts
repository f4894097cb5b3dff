// Cluster mode: which node has which slots. https://redis.io/docs/latest/commands/?group=cluster
import { command, type Command, container } from '../command.ts';
import { slotOf } from '../data/hash-slot.ts';
import { countOf } from '../data/numbers.ts';
import { faults, OK, Pairs, type Reply, Verbatim } from '../resp/reply.ts';
import type { Cluster, ClusterNode, ClusterShard, Session } from '../session.ts';

const topic = 'server' as const;
const SLOTS = 16_384;

function clusterOf({ node }: Session): Cluster {
  if (node.cluster) return node.cluster;
  throw faults.error('This instance has cluster support disabled');
}

function slots(session: Session): Reply {
  return clusterOf(session).shards.flatMap((shard) =>
    shard.slots.map(([first, last]) => [
      first,
      last,
      ...shard.nodes.map(({ host, port, id }) => [host, port, id, []]),
    ]),
  );
}

function shards(session: Session): Reply {
  return clusterOf(session).shards.map(
    (shard) =>
      new Pairs([
        ['slots', shard.slots.flat()],
        ['nodes', shard.nodes.map(nodeFacts)],
      ]),
  );
}

function nodeFacts({ id, host, port, isPrimary }: ClusterNode): Reply {
  return new Pairs([
    ['id', id],
    ['port', port],
    ['ip', host],
    ['endpoint', host],
    ['role', isPrimary ? 'master' : 'replica'],
    ['replication-offset', 0],
    ['health', 'online'],
  ]);
}

function lineOf(session: Session, shard: ClusterShard, node: ClusterNode): string {
  const flags = [
    ...(node.id === session.node.clusterId ? ['myself'] : []),
    node.isPrimary ? 'master' : 'slave',
  ];
  const primary = node.isPrimary ? '-' : (shard.nodes[0]?.id ?? '-');
  const ranges = node.isPrimary
    ? shard.slots.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
    : [];
  const bus = node.port + 10_000;
  return [
    node.id,
    `${node.host}:${node.port}@${bus}`,
    flags.join(','),
    primary,
    0,
    0,
    1,
    'connected',
    ...ranges,
  ].join(' ');
}

function nodes(session: Session): Reply {
  const lines = clusterOf(session).shards.flatMap((shard) =>
    shard.nodes.map((node) => lineOf(session, shard, node)),
  );
  return new Verbatim(lines.map((line) => `${line}\n`).join(''));
}

function facts(session: Session): Reply {
  const { shards: all, epoch } = clusterOf(session);
  const assigned = all
    .flatMap((shard) => shard.slots)
    .reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const lines = [
    `cluster_state:${assigned === SLOTS ? 'ok' : 'fail'}`,
    `cluster_slots_assigned:${assigned}`,
    `cluster_slots_ok:${assigned}`,
    'cluster_slots_pfail:0',
    'cluster_slots_fail:0',
    `cluster_known_nodes:${all.reduce((sum, { nodes: members }) => sum + members.length, 0)}`,
    `cluster_size:${all.length}`,
    `cluster_current_epoch:${epoch}`,
    `cluster_my_epoch:${epoch}`,
  ];
  return new Verbatim(lines.map((line) => `${line}\r\n`).join(''));
}

function slotArgument(text: string | undefined): number {
  const slot = countOf(text, 'Invalid slot');
  if (slot >= SLOTS) throw faults.error('Invalid slot');
  return slot;
}

function keysIn(session: Session, slot: number): string[] {
  clusterOf(session);
  return [...session.space.entries.keys()].filter((key) => slotOf(key) === slot && session.space.has(key));
}

export const clusterCommands: readonly Command[] = [
  container('cluster', { topic }, [
    command('cluster|slots', 2, { topic }, slots),
    command('cluster|shards', 2, { topic }, shards),
    command('cluster|nodes', 2, { topic }, nodes),
    command('cluster|info', 2, { topic }, facts),
    command('cluster|myid', 2, { topic }, (session) => {
      clusterOf(session);
      return session.node.clusterId;
    }),
    command('cluster|keyslot', 3, { topic }, (_, [, key = '']) => slotOf(key)),
    command(
      'cluster|countkeysinslot',
      3,
      { topic },
      (session, [, slot]) => keysIn(session, slotArgument(slot)).length,
    ),
    command('cluster|getkeysinslot', 4, { topic }, (session, [, slot, count]) =>
      keysIn(session, slotArgument(slot)).slice(0, countOf(count, 'Invalid number of keys')),
    ),
  ]),
  command('readonly', 1, { topic: 'connection', flags: 'fast' }, (session) => {
    clusterOf(session);
    session.readsReplica = true;
    return OK;
  }),
  command('readwrite', 1, { topic: 'connection', flags: 'fast' }, (session) => {
    clusterOf(session);
    session.readsReplica = false;
    return OK;
  }),
  command('asking', 1, { topic: 'connection', flags: 'fast' }, (session) => {
    clusterOf(session);
    return OK;
  }),
];
