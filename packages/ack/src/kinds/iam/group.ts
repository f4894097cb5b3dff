// Group: users who may do the same.
import type { KindDescription } from '../../kind/description.ts';
import {
  attachedPolicies,
  dropPolicies,
  iam,
  inlinePolicies,
  policyOperations,
  readInlinePolicies,
  terminal,
} from './service.ts';

const name = { GroupName: '$Name' };

export const group: KindDescription = {
  service: iam,
  kind: 'Group',
  identity: 'Name',
  renames: { GroupName: 'Name' },
  fields: {
    InlinePolicies: inlinePolicies('Group'),
    Name: { replace: true },
    Path: { lateInitialize: true },
    Policies: attachedPolicies('Group'),
  },
  create: [{ operation: 'CreateGroup', at: 'Group' }],
  read: [{ operation: 'GetGroup', input: name, at: 'Group', absent: ['NoSuchEntity'] }],
  update: [{ operation: 'UpdateGroup', input: name, names: { NewPath: 'Path' } }],
  remove: [{ operation: 'DeleteGroup', input: name }],
  terminal,
  columns: [{ name: 'ARN', path: '.status.ackResourceMetadata.arn' }],
  ways: {
    operations: policyOperations('Group'),
    read: readInlinePolicies('Group'),
    beforeRemove: dropPolicies('Group'),
  },
};
