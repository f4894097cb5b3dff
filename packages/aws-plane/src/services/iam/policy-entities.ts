// ListEntitiesForPolicy: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
import type { ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse } from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { groups, type IdentityKind, listBelow, roles, users } from './identities.ts';
import { pageOf } from './paging.ts';
import { onPolicy, policyNamed } from './policies.ts';
import type { StoredActor, StoredIdentity } from './state.ts';

const kinds: readonly IdentityKind<StoredIdentity>[] = [groups, users, roles];

export const listEntitiesForPolicy = defineOperation<
  ListEntitiesForPolicyRequest,
  ListEntitiesForPolicyResponse
>({
  name: 'ListEntitiesForPolicy',
  access: onPolicy('iam:ListEntitiesForPolicy'),
  handle(call, input) {
    const { arn } = policyNamed(call, input.PolicyArn);
    const { EntityFilter, PathPrefix, PolicyUsageFilter } = input;
    const found = kinds
      .filter(({ word }) => EntityFilter === undefined || EntityFilter === word)
      .flatMap((kind) => listBelow(call, kind, PathPrefix).map((identity) => ({ kind, identity })))
      .filter(({ identity }) => {
        const attached = PolicyUsageFilter !== 'PermissionsBoundary' && identity.attached.includes(arn);
        const bounds =
          PolicyUsageFilter !== 'PermissionsPolicy' && (identity as StoredActor).boundary === arn;
        return attached || bounds;
      });
    const { items, ...page } = pageOf(found, ({ identity }) => identity.arn, input);
    const of = (word: string) =>
      items.filter(({ kind }) => kind.word === word).map(({ identity }) => identity);
    return {
      PolicyGroups: of('Group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('User').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('Role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...page,
    };
  },
});
