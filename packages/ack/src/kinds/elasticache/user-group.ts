// UserGroup: users who may log in to the same caches.
import type { KindDescription } from '../../kind/description.ts';
import { cacheProgress, changedMembers, elasticache, named, tags, terminal } from './service.ts';

const id = { UserGroupId: '$UserGroupId' };

export const userGroup: KindDescription = {
  service: elasticache,
  kind: 'UserGroup',
  identity: 'UserGroupId',
  fields: { Engine: { compare: 'caseless' }, UserGroupId: named },
  create: [{ operation: 'CreateUserGroup' }],
  read: [{ operation: 'DescribeUserGroups', input: id, at: 'UserGroups[0]', absent: ['UserGroupNotFound'] }],
  update: [{ operation: 'ModifyUserGroup', input: id, names: { UserIdsToAdd: 'UserIds' } }],
  tags,
  remove: [{ operation: 'DeleteUserGroup', input: id }],
  progress: cacheProgress('Status', ['active']),
  terminal: [
    ...terminal,
    'DefaultUserRequired',
    'DuplicateUserName',
    'UserGroupAlreadyExists',
    'UserGroupQuotaExceeded',
  ],
  ways: {
    updateInput: ({ field, resource }, keys) => {
      if (!keys.includes('UserIds')) return {};
      const { add, drop } = changedMembers(field('UserIds'), resource['UserIds']);
      return {
        UserIdsToAdd: add.length > 0 ? add : undefined,
        UserIdsToRemove: drop.length > 0 ? drop : undefined,
      };
    },
  },
};
