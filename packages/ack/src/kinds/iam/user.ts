// User: a person or a program with credentials of its own.
import type { KindDescription } from '../../kind/description.ts';
import {
  attachedPolicies,
  boundary,
  dropPolicies,
  iam,
  inlinePolicies,
  policyOperations,
  readInlinePolicies,
  tagsOf,
  terminal,
} from './service.ts';

const name = { UserName: '$Name' };

export const user: KindDescription = {
  service: iam,
  kind: 'User',
  identity: 'Name',
  renames: { UserName: 'Name' },
  fields: {
    InlinePolicies: inlinePolicies('User'),
    Name: { replace: true },
    Path: { lateInitialize: true },
    PermissionsBoundary: boundary('User'),
    Policies: attachedPolicies('User'),
  },
  create: [{ operation: 'CreateUser', at: 'User' }],
  read: [{ operation: 'GetUser', input: name, at: 'User', absent: ['NoSuchEntity'] }],
  update: [{ operation: 'UpdateUser', input: name, names: { NewPath: 'Path' } }],
  tags: tagsOf('User', name),
  remove: [{ operation: 'DeleteUser', input: name }],
  terminal,
  columns: [{ name: 'ARN', path: '.status.ackResourceMetadata.arn' }],
  ways: {
    operations: policyOperations('User'),
    read: readInlinePolicies('User'),
    beforeRemove: dropPolicies('User'),
  },
};
