// AttachRolePolicy, DetachRolePolicy and ListAttachedRolePolicies.
import type {
  AttachRolePolicyRequest,
  DetachRolePolicyRequest,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
} from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { attachedShape, withAttached, withoutAttached } from './attachments.ts';
import { pageOf } from './paging.ts';
import { assertAttachable } from './policies.ts';
import { changeRole, onRole, roleNamed } from './roles.ts';

const policyContext = ({ PolicyArn = '' }: { readonly PolicyArn: string | undefined }) => ({
  'iam:PolicyARN': PolicyArn,
});

export const attachRolePolicy = defineOperation<AttachRolePolicyRequest, object>({
  name: 'AttachRolePolicy',
  access: onRole<AttachRolePolicyRequest>('iam:AttachRolePolicy', policyContext),
  async handle(call, { RoleName, PolicyArn = '' }) {
    await changeRole(call, RoleName, (role) => {
      assertAttachable(call, PolicyArn);
      return { ...role, attached: withAttached(role.attached, PolicyArn, 'role') };
    });
    return {};
  },
});

export const detachRolePolicy = defineOperation<DetachRolePolicyRequest, object>({
  name: 'DetachRolePolicy',
  access: onRole<DetachRolePolicyRequest>('iam:DetachRolePolicy', policyContext),
  async handle(call, { RoleName, PolicyArn = '' }) {
    await changeRole(call, RoleName, (role) => ({
      ...role,
      attached: withoutAttached(role.attached, PolicyArn),
    }));
    return {};
  },
});

export const listAttachedRolePolicies = defineOperation<
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse
>({
  name: 'ListAttachedRolePolicies',
  access: onRole('iam:ListAttachedRolePolicies'),
  handle(call, input) {
    const shown = roleNamed(call, input.RoleName).attached.map(attachedShape);
    const below = shown.filter(({ PolicyArn = '' }) =>
      PolicyArn.includes(`:policy${input.PathPrefix ?? '/'}`),
    );
    const { items, ...page } = pageOf(below, ({ PolicyArn = '' }) => PolicyArn, input);
    return { AttachedPolicies: items, ...page };
  },
});
