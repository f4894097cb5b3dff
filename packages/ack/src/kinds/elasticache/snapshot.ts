// Snapshot: a copy of a cache's data, taken of a cache or of another snapshot.
import type { KindDescription } from '../../kind/description.ts';
import { cacheProgress, elasticache, kmsKey, named, tags, terminal, untold } from './service.ts';

const name = { SnapshotName: '$SnapshotName' };

export const snapshot: KindDescription = {
  service: elasticache,
  kind: 'Snapshot',
  isStateful: true,
  identity: 'SnapshotName',
  fields: {
    CacheClusterId: { ...named, reference: { kind: 'CacheCluster', path: 'spec.cacheClusterID' } },
    KmsKeyId: kmsKey,
    ReplicationGroupId: {
      ...named,
      reference: { kind: 'ReplicationGroup', path: 'spec.replicationGroupID' },
    },
    SnapshotName: named,
    SourceSnapshotName: {
      ...untold,
      from: 'CopySnapshot.SourceSnapshotName',
      reference: { kind: 'Snapshot', path: 'spec.snapshotName' },
    },
  },
  create: [
    { operation: 'CreateSnapshot', at: 'Snapshot' },
    {
      operation: 'CopySnapshot',
      when: 'SourceSnapshotName',
      input: { TargetSnapshotName: '$SnapshotName' },
      at: 'Snapshot',
    },
  ],
  read: [
    {
      operation: 'DescribeSnapshots',
      input: name,
      at: 'Snapshots[0]',
      absent: ['SnapshotNotFoundFault'],
    },
  ],
  tags,
  remove: [{ operation: 'DeleteSnapshot', input: name }],
  progress: cacheProgress('SnapshotStatus', ['available', 'exporting']),
  terminal: [
    ...terminal,
    'SnapshotAlreadyExistsFault',
    'SnapshotQuotaExceededFault',
    'SnapshotFeatureNotSupportedFault',
  ],
  ways: { dataAtRisk: () => Promise.resolve('it is a snapshot of a cache') },
};
