// Snapshots of serverless caches.
import type {
  CopyServerlessCacheSnapshotRequest,
  CopyServerlessCacheSnapshotResponse,
  CreateServerlessCacheSnapshotRequest,
  CreateServerlessCacheSnapshotResponse,
  DeleteServerlessCacheSnapshotRequest,
  DeleteServerlessCacheSnapshotResponse,
  DescribeServerlessCacheSnapshotsRequest,
  DescribeServerlessCacheSnapshotsResponse,
  ExportServerlessCacheSnapshotRequest,
  ExportServerlessCacheSnapshotResponse,
  ServerlessCacheSnapshot,
} from '@aws-sdk/client-elasticache';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onNamed, use } from '../access.ts';
import { assertChangeable } from '../caches/begin.ts';
import { atOf, cachesOf } from '../caches/runtime.ts';
import { faults } from '../faults.ts';
import { arnOf, named, serverless, serverlessSnapshots } from '../kinds.ts';
import { identifier } from '../names.ts';
import { sliceOf } from '../paging.ts';
import type { StoredSnapshot } from '../records.ts';
import { takeSnapshot, writeNewSnapshot } from '../snapshots/snapshot-work.ts';
import { deleteRecord, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagListOf, withTags } from '../tags.ts';

function shapeOf(snapshot: StoredSnapshot): ServerlessCacheSnapshot {
  const { cache } = snapshot;
  return {
    ServerlessCacheSnapshotName: snapshot.name,
    ARN: snapshot.arn,
    KmsKeyId: snapshot.kmsKeyId,
    SnapshotType: snapshot.source,
    Status: snapshot.status,
    CreateTime: new Date(snapshot.createdAt),
    ExpiryTime: snapshot.expiresAt === undefined ? undefined : new Date(snapshot.expiresAt),
    BytesUsedForCache: String(snapshot.bytes),
    ServerlessCacheConfiguration: {
      ServerlessCacheName: cache.name,
      Engine: cache.engine,
      MajorEngineVersion: cache.version.split('.', 1)[0],
    },
  };
}

const create = defineOperation<CreateServerlessCacheSnapshotRequest, CreateServerlessCacheSnapshotResponse>({
  name: 'CreateServerlessCacheSnapshot',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateServerlessCacheSnapshot', serverlessSnapshots, {
        name: input.ServerlessCacheSnapshotName,
        tags: input.Tags,
        uses: [use(serverless, input.ServerlessCacheName)],
      }),
  },
  async handle(call, input) {
    const name = identifier(input.ServerlessCacheSnapshotName, 'ServerlessCacheSnapshotName', 255);
    const cache = named(call.plane.store, serverless, homeOf(call), input.ServerlessCacheName);
    assertChangeable(call, cache);
    const { Tags: tags, KmsKeyId: kmsKeyId } = input;
    const made = await writeNewSnapshot(call, serverlessSnapshots, cache, { name, tags, kmsKeyId });
    void cachesOf(call.plane).tell(atOf(homeOf(call), cache), (engine) =>
      takeSnapshot(call, serverlessSnapshots, made, engine),
    );
    return { ServerlessCacheSnapshot: shapeOf(made) };
  },
});

const describe = defineOperation<
  DescribeServerlessCacheSnapshotsRequest,
  DescribeServerlessCacheSnapshotsResponse
>({
  name: 'DescribeServerlessCacheSnapshots',
  access: onNamed(
    'DescribeServerlessCacheSnapshots',
    serverlessSnapshots,
    (input) => input.ServerlessCacheSnapshotName,
  ),
  handle(
    call,
    { ServerlessCacheName, ServerlessCacheSnapshotName, SnapshotType, NextToken, MaxResults = 50 },
  ) {
    const { store } = call.plane;
    const home = homeOf(call);
    const all = ServerlessCacheSnapshotName
      ? [named(store, serverlessSnapshots, home, ServerlessCacheSnapshotName)]
      : listRecords(store, serverlessSnapshots, home);
    const found = all.filter(
      ({ cache, source }) =>
        (!ServerlessCacheName || cache.name === ServerlessCacheName.toLowerCase()) &&
        (!SnapshotType || SnapshotType === source || (SnapshotType === 'user' && source === 'manual')),
    );
    const { items, Marker } = sliceOf(found, ({ name }) => name, { Marker: NextToken, count: MaxResults });
    return { NextToken: Marker, ServerlessCacheSnapshots: items.map(shapeOf) };
  },
});

const copy = defineOperation<CopyServerlessCacheSnapshotRequest, CopyServerlessCacheSnapshotResponse>({
  name: 'CopyServerlessCacheSnapshot',
  access: {
    iam: (input, call) => [
      checkOn(call, 'CopyServerlessCacheSnapshot', serverlessSnapshots, {
        name: input.SourceServerlessCacheSnapshotName ?? '',
      }),
      ...creationChecks(call, 'CopyServerlessCacheSnapshot', serverlessSnapshots, {
        name: input.TargetServerlessCacheSnapshotName,
        tags: input.Tags,
      }),
    ],
  },
  async handle(call, input) {
    const home = homeOf(call);
    const { store, engines, random } = call.plane;
    const source = named(store, serverlessSnapshots, home, input.SourceServerlessCacheSnapshotName);
    if (source.status !== 'available') {
      throw faults.serverlessSnapshotState(`Serverless cache snapshot ${source.name} is not available.`);
    }
    const name = identifier(
      input.TargetServerlessCacheSnapshotName,
      'TargetServerlessCacheSnapshotName',
      255,
    );
    if (readRecord(store, serverlessSnapshots, home, name)) throw faults.serverlessSnapshotExists(name);
    if (!engines)
      throw faults.noCapacity('This endpoint runs without engines, so that no snapshot can be copied.');
    const made: StoredSnapshot = {
      ...source,
      name,
      arn: arnOf(home, serverlessSnapshots.noun, name),
      dataId: `${serverlessSnapshots.noun}-${name}-${random.text(8, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
      kmsKeyId: input.KmsKeyId ?? source.kmsKeyId,
      tags: withTags({}, input.Tags ?? tagListOf(source.tags)),
    };
    await engines.copySnapshot(source.dataId, made.dataId);
    await store.transact((tx) => {
      if (readRecord(tx, serverlessSnapshots, home, name)) throw faults.serverlessSnapshotExists(name);
      writeRecord(tx, serverlessSnapshots, home, made);
    });
    return { ServerlessCacheSnapshot: shapeOf({ ...made, status: 'creating' }) };
  },
});

const remove = defineOperation<DeleteServerlessCacheSnapshotRequest, DeleteServerlessCacheSnapshotResponse>({
  name: 'DeleteServerlessCacheSnapshot',
  access: onNamed(
    'DeleteServerlessCacheSnapshot',
    serverlessSnapshots,
    (input) => input.ServerlessCacheSnapshotName,
  ),
  async handle(call, { ServerlessCacheSnapshotName }) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const found = named(tx, serverlessSnapshots, home, ServerlessCacheSnapshotName);
      if (found.status === 'creating') {
        throw faults.serverlessSnapshotState(`Serverless cache snapshot ${found.name} is being created.`);
      }
      deleteRecord(tx, serverlessSnapshots, home, found.name);
      return found;
    });
    await call.plane.engines?.removeSnapshot(value.dataId);
    return { ServerlessCacheSnapshot: shapeOf({ ...value, status: 'deleting' }) };
  },
});

const exportSnapshot = defineOperation<
  ExportServerlessCacheSnapshotRequest,
  ExportServerlessCacheSnapshotResponse
>({
  name: 'ExportServerlessCacheSnapshot',
  access: onNamed(
    'ExportServerlessCacheSnapshot',
    serverlessSnapshots,
    (input) => input.ServerlessCacheSnapshotName,
  ),
  handle() {
    throw faults.notImplemented('Exporting a snapshot to a bucket');
  },
});

export const serverlessSnapshotOperations: readonly AnyOperation[] = [
  create,
  describe,
  copy,
  remove,
  exportSnapshot,
];
