// Managed policies attached to roles, users and groups: the same three operations on each kind.
import type {
  AttachedPolicy,
  AttachGroupPolicyRequest,
  AttachRolePolicyRequest,
  AttachUserPolicyRequest,
  ListAttachedGroupPoliciesRequest,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListAttachedUserPoliciesRequest,
} from '@aws-sdk/client-iam';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import {
  assertUnprotected,
  boundaryContext,
  changeIdentity,
  type IdentityKind,
  named,
  onIdentity,
} from './identities.ts';
import { pageOf } from './paging.ts';
import { assertAttachable } from './policies.ts';
import { quotas } from './quotas.ts';
import type { StoredIdentity } from './state.ts';

type PolicyInput = Partial<AttachRolePolicyRequest & AttachUserPolicyRequest & AttachGroupPolicyRequest>;
type ListInput = Partial<
  ListAttachedRolePoliciesRequest & ListAttachedUserPoliciesRequest & ListAttachedGroupPoliciesRequest
>;

/** AttachRolePolicy, DetachRolePolicy and ListAttachedRolePolicies, and the same for users and groups. */
export function attachmentOperations<Stored extends StoredIdentity>(
  kind: IdentityKind<Stored>,
): AnyOperation[] {
  return [attach(kind), detach(kind), list(kind)];
}

const contextOf = ({ PolicyArn = '' }: PolicyInput, identity: StoredIdentity | undefined) => ({
  'iam:PolicyARN': PolicyArn,
  ...boundaryContext(identity),
});

/** Attaching twice is no error. */
function attach<Stored extends StoredIdentity>(kind: IdentityKind<Stored>): AnyOperation {
  const name = `Attach${kind.word}Policy`;
  const most = quotas.AttachedPolicies;
  return defineOperation<PolicyInput, object>({
    name,
    access: onIdentity(kind, `iam:${name}`, contextOf),
    async handle(call, input) {
      const { PolicyArn = '' } = input;
      await changeIdentity(call, kind, input, (identity, tx) => {
        assertUnprotected(identity);
        assertAttachable(tx, call.account, PolicyArn);
        const { attached } = identity;
        if (attached.includes(PolicyArn)) return identity;
        if (attached.length >= most) throw faults.quota(`PoliciesPer${kind.word}`, most);
        return { ...identity, attached: [...attached, PolicyArn] };
      });
      return {};
    },
  });
}

function detach<Stored extends StoredIdentity>(kind: IdentityKind<Stored>): AnyOperation {
  const name = `Detach${kind.word}Policy`;
  return defineOperation<PolicyInput, object>({
    name,
    access: onIdentity(kind, `iam:${name}`, contextOf),
    async handle(call, input) {
      const { PolicyArn = '' } = input;
      await changeIdentity(call, kind, input, (identity) => {
        if (!identity.attached.includes(PolicyArn)) throw faults.notAttached(PolicyArn);
        return { ...identity, attached: identity.attached.filter((each) => each !== PolicyArn) };
      });
      return {};
    },
  });
}

function list<Stored extends StoredIdentity>(kind: IdentityKind<Stored>): AnyOperation {
  const name = `ListAttached${kind.word}Policies`;
  return defineOperation<ListInput, ListAttachedRolePoliciesResponse>({
    name,
    access: onIdentity(kind, `iam:${name}`),
    handle({ plane, account }, input) {
      const below = `:policy${input.PathPrefix ?? '/'}`;
      const shown = named(plane.store, account, kind, input)
        .attached.map(attachedShape)
        .filter(({ PolicyArn = '' }) => PolicyArn.includes(below));
      const { items, ...page } = pageOf(shown, ({ PolicyArn = '' }) => PolicyArn, input);
      return { AttachedPolicies: items, ...page };
    },
  });
}

function attachedShape(arn: string): AttachedPolicy {
  return { PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn };
}
