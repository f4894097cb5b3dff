// Inline policies of roles, users and groups: the same four operations on each kind.
import type {
  GetRolePolicyRequest,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  PutRolePolicyRequest,
} from '@aws-sdk/client-iam';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { checkDocument, encodeDocument, sizeOf } from './documents.ts';
import { faults } from './faults.ts';
import {
  assertUnprotected,
  boundaryContext,
  changeIdentity,
  type IdentityKind,
  type IdentityName,
  named,
  onIdentity,
} from './identities.ts';
import { pageOf } from './paging.ts';
import { quotas } from './quotas.ts';
import type { StoredIdentity } from './state.ts';

type PutInput = IdentityName & Omit<PutRolePolicyRequest, 'RoleName'>;
type PolicyInput = IdentityName & Omit<GetRolePolicyRequest, 'RoleName'>;
type ListInput = IdentityName & Omit<ListRolePoliciesRequest, 'RoleName'>;

/** PutRolePolicy, GetRolePolicy, DeleteRolePolicy and ListRolePolicies, and the same for users and groups. */
export function inlinePolicyOperations<Stored extends StoredIdentity>(
  kind: IdentityKind<Stored>,
): AnyOperation[] {
  return [put(kind), get(kind), remove(kind), list(kind)];
}

function put<Stored extends StoredIdentity>(kind: IdentityKind<Stored>): AnyOperation {
  const name = `Put${kind.word}Policy`;
  const most = quotas.InlinePolicySize[kind.noun];
  return defineOperation<PutInput, object>({
    name,
    access: onIdentity(kind, `iam:${name}`, (_: PutInput, identity) => boundaryContext(identity)),
    validate({ PolicyDocument = '' }) {
      checkDocument(PolicyDocument, 'identity');
    },
    async handle(call, input) {
      const { PolicyName = '', PolicyDocument = '' } = input;
      await changeIdentity(call, kind, input, (identity) => {
        assertUnprotected(identity);
        const inline = { ...identity.inline, [PolicyName]: PolicyDocument };
        const size = Object.values(inline).reduce((sum, document) => sum + sizeOf(document), 0);
        if (size > most) throw faults.inlineQuota(kind.noun, identity.name, most);
        return { ...identity, inline };
      });
      return {};
    },
  });
}

function get<Stored extends StoredIdentity>(kind: IdentityKind<Stored>): AnyOperation {
  const name = `Get${kind.word}Policy`;
  return defineOperation<PolicyInput, object>({
    name,
    access: onIdentity(kind, `iam:${name}`),
    handle({ plane, account }, input) {
      const { PolicyName = '' } = input;
      const identity = named(plane.store, account, kind, input);
      const document = Object.hasOwn(identity.inline, PolicyName) ? identity.inline[PolicyName] : undefined;
      if (document === undefined) throw faults.noSuchInlinePolicy(kind.noun, PolicyName);
      return { [`${kind.word}Name`]: identity.name, PolicyName, PolicyDocument: encodeDocument(document) };
    },
  });
}

function remove<Stored extends StoredIdentity>(kind: IdentityKind<Stored>): AnyOperation {
  const name = `Delete${kind.word}Policy`;
  return defineOperation<PolicyInput, object>({
    name,
    access: onIdentity(kind, `iam:${name}`, (_: PolicyInput, identity) => boundaryContext(identity)),
    async handle(call, input) {
      const { PolicyName = '' } = input;
      await changeIdentity(call, kind, input, (identity) => {
        if (!Object.hasOwn(identity.inline, PolicyName))
          throw faults.noSuchInlinePolicy(kind.noun, PolicyName);
        const kept = Object.entries(identity.inline).filter(([each]) => each !== PolicyName);
        return { ...identity, inline: Object.fromEntries(kept) };
      });
      return {};
    },
  });
}

function list<Stored extends StoredIdentity>(kind: IdentityKind<Stored>): AnyOperation {
  const name = `List${kind.word}Policies`;
  return defineOperation<ListInput, ListRolePoliciesResponse>({
    name,
    access: onIdentity(kind, `iam:${name}`),
    handle({ plane, account }, input) {
      const names = Object.keys(named(plane.store, account, kind, input).inline).sort();
      const { items, ...page } = pageOf(names, (each) => each, input);
      return { PolicyNames: items, ...page };
    },
  });
}
