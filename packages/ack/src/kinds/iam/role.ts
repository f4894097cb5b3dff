// Role: who may become it, what it may do.
import type { KindDescription } from '../../kind/description.ts';
import {
  attachedPolicies,
  boundary,
  dropPolicies,
  iam,
  inlinePolicies,
  pages,
  policyOperations,
  readInlinePolicies,
  tagsOf,
  terminal,
} from './service.ts';

const name = { RoleName: '$Name' };
const dropOwnPolicies = dropPolicies('Role');

export const role: KindDescription = {
  service: iam,
  kind: 'Role',
  identity: 'Name',
  renames: { RoleName: 'Name' },
  fields: {
    AssumeRolePolicyDocument: { compare: 'policy' },
    InlinePolicies: inlinePolicies('Role'),
    MaxSessionDuration: { lateInitialize: true },
    Name: { replace: true },
    Path: { replace: true, lateInitialize: true },
    PermissionsBoundary: boundary('Role'),
    Policies: attachedPolicies('Role'),
  },
  create: [{ operation: 'CreateRole', at: 'Role' }],
  read: [{ operation: 'GetRole', input: name, at: 'Role', absent: ['NoSuchEntity'] }],
  update: [
    { operation: 'UpdateRole', input: name, whole: true },
    {
      operation: 'UpdateAssumeRolePolicy',
      input: name,
      names: { PolicyDocument: 'AssumeRolePolicyDocument' },
    },
  ],
  tags: tagsOf('Role', name),
  remove: [{ operation: 'DeleteRole', input: name }],
  terminal,
  columns: [{ name: 'ARN', path: '.status.ackResourceMetadata.arn' }],
  ways: {
    operations: [...policyOperations('Role'), 'ListInstanceProfilesForRole', 'RemoveRoleFromInstanceProfile'],
    read: readInlinePolicies('Role'),
    // AWS takes what is left out of UpdateRole for its default.
    updateInput: ({ field, resource }, keys) =>
      keys.includes('MaxSessionDuration') || keys.includes('Description')
        ? {
            Description: field('Description') ?? resource['Description'],
            MaxSessionDuration: field('MaxSessionDuration') ?? resource['MaxSessionDuration'],
          }
        : {},
    beforeRemove: async (dealings) => {
      await dropOwnPolicies(dealings);
      const RoleName = dealings.find('$Name');
      const path = 'InstanceProfiles[].InstanceProfileName';
      const profiles = await pages(dealings, 'ListInstanceProfilesForRole', { RoleName }, path);
      for (const InstanceProfileName of profiles) {
        await dealings.call('RemoveRoleFromInstanceProfile', { RoleName, InstanceProfileName });
      }
    },
  },
};
