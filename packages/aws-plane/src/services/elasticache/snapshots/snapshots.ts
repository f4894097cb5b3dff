// Snapshots of clusters and replication groups: made, copied, listed, deleted.
import type {
  CopySnapshotMessage,
  CopySnapshotResult,
  CreateSnapshotMessage,
  CreateSnapshotResult,
  DeleteSnapshotMessage,
  DeleteSnapshotResult,
  DescribeSnapshotsListMessage,
  DescribeSnapshotsMessage,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onNamed, use } from '../access.ts';
import { beginChange } from '../caches/begin.ts';
import { faults } from '../faults.ts';
import { arnOf, clusters, groups, named, snapshots } from '../kinds.ts';
import { identifier } from '../names.ts';
import { pageOf } from '../paging.ts';
import type { CacheKind, StoredSnapshot } from '../records.ts';
import { deleteRecord, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagListOf, withTags } from '../tags.ts';
import { snapshotShape } from './snapshot-shape.ts';
import { takeSnapshot, writeNewSnapshot } from './snapshot-work.ts';

/** The cache that is meant, which may be named by one of a group's nodes. */
function sourceOf(call: Call, { CacheClusterId, ReplicationGroupId }: CreateSnapshotMessage) {
  const { store } = call.plane;
  const home = homeOf(call);
  if ((CacheClusterId === undefined) === (ReplicationGroupId === undefined)) {
    throw faults.invalidCombination(
      'Exactly one of CacheClusterId and ReplicationGroupId must be specified.',
    );
  }
  if (ReplicationGroupId !== undefined) return named(store, groups, home, ReplicationGroupId);
  const id = (CacheClusterId ?? '').toLowerCase();
  const member = listRecords(store, groups, home).find(({ shards }) =>
    shards.some(({ nodes }) => nodes.some((node) => node.id === id)),
  );
  const alone = member ?? named(store, clusters, home, id);
  if (alone.engine === 'memcached') {
    throw faults.snapshotUnsupported('Snapshots are not supported for clusters that run Memcached.');
  }
  return alone;
}

const create = defineOperation<CreateSnapshotMessage, CreateSnapshotResult>({
  name: 'CreateSnapshot',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateSnapshot', snapshots, {
        name: input.SnapshotName,
        tags: input.Tags,
        uses: [use(clusters, input.CacheClusterId), use(groups, input.ReplicationGroupId)],
      }),
  },
  async handle(call, input) {
    const name = identifier(input.SnapshotName, 'SnapshotName', 255);
    const source = sourceOf(call, input);
    if (readRecord(call.plane.store, snapshots, homeOf(call), name)) throw faults.snapshotExists(name);
    const clusterId = source.kind === 'replicationgroup' ? input.CacheClusterId?.toLowerCase() : undefined;
    let made: StoredSnapshot | undefined;
    const kind: CacheKind = source.kind;
    let release = () => {};
    const written = new Promise<void>((resolve) => (release = resolve));
    await beginChange(call, { kind, name: source.name }, () => ({
      status: 'snapshotting',
      message: 'Snapshot succeeded',
      change: async (engine) => {
        await written;
        if (made) await takeSnapshot(call, snapshots, made, engine);
        return {};
      },
    }));
    try {
      made = await writeNewSnapshot(call, snapshots, source, { name, tags: input.Tags, clusterId });
    } finally {
      release();
    }
    return { Snapshot: snapshotShape(made, false) };
  },
});

const describe = defineOperation<DescribeSnapshotsMessage, DescribeSnapshotsListMessage>({
  name: 'DescribeSnapshots',
  access: onNamed('DescribeSnapshots', snapshots, (input) => input.SnapshotName),
  handle(call, input) {
    const { ReplicationGroupId, CacheClusterId, SnapshotName, SnapshotSource, ShowNodeGroupConfig, ...page } =
      input;
    const { store } = call.plane;
    const home = homeOf(call);
    const all = SnapshotName
      ? [named(store, snapshots, home, SnapshotName)]
      : listRecords(store, snapshots, home);
    const sources: Readonly<Record<string, string>> = { user: 'manual', system: 'automated' };
    const found = all.filter((each) => {
      const ids =
        each.of === 'cluster'
          ? [each.cache.name]
          : each.cache.shards.flatMap(({ nodes }) => nodes.map(({ id }) => id));
      return (
        (!ReplicationGroupId ||
          (each.of === 'replicationgroup' && each.cache.name === ReplicationGroupId.toLowerCase())) &&
        (!CacheClusterId || ids.includes(CacheClusterId.toLowerCase())) &&
        (!SnapshotSource || each.source === sources[SnapshotSource])
      );
    });
    const { items, Marker } = pageOf(found, ({ name }) => name, page);
    return { Marker, Snapshots: items.map((each) => snapshotShape(each, ShowNodeGroupConfig === true)) };
  },
});

const copy = defineOperation<CopySnapshotMessage, CopySnapshotResult>({
  name: 'CopySnapshot',
  access: {
    iam: (input, call) => [
      checkOn(call, 'CopySnapshot', snapshots, { name: input.SourceSnapshotName ?? '' }),
      ...creationChecks(call, 'CopySnapshot', snapshots, {
        name: input.TargetSnapshotName,
        tags: input.Tags,
      }),
    ],
  },
  async handle(call, { SourceSnapshotName, TargetSnapshotName, TargetBucket, KmsKeyId, Tags }) {
    if (TargetBucket) throw faults.notImplemented('Exporting a snapshot to a bucket');
    const home = homeOf(call);
    const { store, engines, random } = call.plane;
    const source = named(store, snapshots, home, SourceSnapshotName);
    if (source.status !== 'available')
      throw faults.snapshotState(`Snapshot ${source.name} is not available.`);
    const name = identifier(TargetSnapshotName, 'TargetSnapshotName', 255);
    if (readRecord(store, snapshots, home, name)) throw faults.snapshotExists(name);
    if (!engines)
      throw faults.noCapacity('This endpoint runs without engines, so that no snapshot can be copied.');
    const made: StoredSnapshot = {
      ...source,
      name,
      arn: arnOf(home, snapshots.noun, name),
      dataId: `${snapshots.noun}-${name}-${random.text(8, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
      source: 'manual',
      kmsKeyId: KmsKeyId ?? source.kmsKeyId,
      tags: withTags({}, Tags ?? tagListOf(source.tags)),
    };
    await engines.copySnapshot(source.dataId, made.dataId);
    await store.transact((tx) => {
      if (readRecord(tx, snapshots, home, name)) throw faults.snapshotExists(name);
      writeRecord(tx, snapshots, home, made);
    });
    return { Snapshot: snapshotShape({ ...made, status: 'creating' }, false) };
  },
});

const remove = defineOperation<DeleteSnapshotMessage, DeleteSnapshotResult>({
  name: 'DeleteSnapshot',
  access: onNamed('DeleteSnapshot', snapshots, (input) => input.SnapshotName),
  async handle(call, { SnapshotName }) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const found = named(tx, snapshots, home, SnapshotName);
      if (found.status === 'creating') throw faults.snapshotState(`Snapshot ${found.name} is being created.`);
      deleteRecord(tx, snapshots, home, found.name);
      return found;
    });
    await call.plane.engines?.removeSnapshot(value.dataId);
    return { Snapshot: snapshotShape({ ...value, status: 'deleting' }, false) };
  },
});

export const snapshotOperations: readonly AnyOperation[] = [create, describe, copy, remove];
