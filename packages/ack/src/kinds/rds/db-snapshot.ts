// DBSnapshot: a copy of a database as it was.
import type { KindDescription } from '../../kind/description.ts';
import { rds, replaced, terminal, toldTags, toldTagsField } from './service.ts';

const identifier = { DBSnapshotIdentifier: '$DBSnapshotIdentifier' };

export const dbSnapshot: KindDescription = {
  service: rds,
  kind: 'DBSnapshot',
  isStateful: true,
  identity: 'DBSnapshotIdentifier',
  fields: {
    DBSnapshotIdentifier: { ...replaced, compare: 'caseless' },
    DBInstanceIdentifier: {
      ...replaced,
      compare: 'caseless',
      reference: { kind: 'DBInstance', path: 'spec.dbInstanceIdentifier' },
    },
    Tags: toldTagsField,
  },
  create: [{ operation: 'CreateDBSnapshot', at: 'DBSnapshot' }],
  read: [
    {
      operation: 'DescribeDBSnapshots',
      input: identifier,
      at: 'DBSnapshots[0]',
      absent: ['DBSnapshotNotFound'],
    },
  ],
  tags: toldTags,
  remove: [{ operation: 'DeleteDBSnapshot', input: identifier }],
  progress: {
    path: 'Status',
    ready: ['available'],
    failed: ['failed'],
    removing: ['deleting'],
    againMs: 1_000,
  },
  terminal,
  columns: [
    { name: 'INSTANCE', path: '.spec.dbInstanceIdentifier' },
    { name: 'STATUS', path: '.status.status' },
    { name: 'PROGRESS', path: '.status.percentProgress', type: 'integer', priority: 1 },
  ],
  ways: { dataAtRisk: () => Promise.resolve('it is a snapshot of a database') },
};
