// The snapshot that a new cache begins with.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { faults } from '../faults.ts';
import { type Kind, named, serverlessSnapshots, snapshots } from '../kinds.ts';
import type { StoredSnapshot } from '../records.ts';

interface RestoreRequest {
  readonly SnapshotName?: string | undefined;
  readonly SnapshotArns?: readonly string[] | undefined;
  readonly ServerlessCacheSnapshotName?: string | undefined;
}

function available(call: Call, kind: Kind<StoredSnapshot>, name: string): StoredSnapshot {
  const snapshot = named(call.plane.store, kind, homeOf(call), name);
  if (snapshot.status !== 'available') {
    throw faults.snapshotState(`Snapshot ${name} is not available (it is ${snapshot.status}).`);
  }
  return snapshot;
}

interface NodeRequest {
  readonly Engine?: string | undefined;
  readonly EngineVersion?: string | undefined;
  readonly CacheNodeType?: string | undefined;
  readonly CacheParameterGroupName?: string | undefined;
}

/** A request with the engine and the nodes of the snapshot, where it does not name its own. */
export function withSnapshot(request: NodeRequest, restored: StoredSnapshot | undefined): NodeRequest {
  if (!restored) return request;
  const { engine, version, nodeType } = restored.cache;
  return {
    Engine: request.Engine ?? engine,
    EngineVersion: request.EngineVersion ?? (request.Engine === undefined ? version : undefined),
    CacheNodeType: request.CacheNodeType ?? nodeType,
    CacheParameterGroupName: request.CacheParameterGroupName,
  };
}

export function snapshotToRestore(call: Call, request: RestoreRequest): StoredSnapshot | undefined {
  if (request.SnapshotArns?.length) throw faults.notImplemented('Seeding a cache from RDB files in S3');
  if (request.ServerlessCacheSnapshotName) {
    return available(call, serverlessSnapshots, request.ServerlessCacheSnapshotName);
  }
  return request.SnapshotName ? available(call, snapshots, request.SnapshotName) : undefined;
}
