// DBClusterSnapshot: a copy of a cluster's volume as it was.
import type { KindDescription } from '../../kind/description.ts';
import { rds, replaced, terminal, toldTags, toldTagsField } from './service.ts';

const identifier = { DBClusterSnapshotIdentifier: '$DBClusterSnapshotIdentifier' };

export const dbClusterSnapshot: KindDescription = {
  service: rds,
  kind: 'DBClusterSnapshot',
  isStateful: true,
  identity: 'DBClusterSnapshotIdentifier',
  fields: {
    DBClusterSnapshotIdentifier: { ...replaced, compare: 'caseless' },
    DBClusterIdentifier: {
      ...replaced,
      compare: 'caseless',
      reference: { kind: 'DBCluster', path: 'spec.dbClusterIdentifier' },
    },
    Tags: toldTagsField,
  },
  create: [{ operation: 'CreateDBClusterSnapshot', at: 'DBClusterSnapshot' }],
  read: [
    {
      operation: 'DescribeDBClusterSnapshots',
      input: identifier,
      at: 'DBClusterSnapshots[0]',
      absent: ['DBClusterSnapshotNotFoundFault'],
    },
  ],
  tags: toldTags,
  remove: [{ operation: 'DeleteDBClusterSnapshot', input: identifier }],
  progress: {
    path: 'Status',
    ready: ['available'],
    failed: ['failed'],
    removing: ['deleting'],
    againMs: 1_000,
  },
  terminal,
  columns: [
    { name: 'CLUSTER', path: '.spec.dbClusterIdentifier' },
    { name: 'STATUS', path: '.status.status' },
  ],
  ways: { dataAtRisk: () => Promise.resolve('it is a snapshot of a database cluster') },
};
