// Permissions boundaries of users and roles: a managed policy that limits what the others can allow.
import type {
  AttachedPermissionsBoundary,
  PutRolePermissionsBoundaryRequest,
  PutUserPermissionsBoundaryRequest,
} from '@aws-sdk/client-iam';
import type { Reader } from '@pergola/store';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import {
  assertUnprotected,
  boundaryContext,
  changeIdentity,
  type IdentityKind,
  type IdentityName,
  onIdentity,
} from './identities.ts';
import { findPolicy } from './policies.ts';
import type { StoredActor } from './state.ts';

type Input = Partial<PutRolePermissionsBoundaryRequest & PutUserPermissionsBoundaryRequest>;

/** Throws NoSuchEntity unless `arn`, where there is one, is a policy that may bound. */
export function assertBoundary(reader: Reader, account: string, arn: string | undefined): void {
  if (arn && !findPolicy(reader, account, arn)) throw faults.noSuchBoundary(arn);
}

/** `PermissionsBoundary` as identities show it. */
export function boundaryShape({ boundary }: StoredActor): {
  PermissionsBoundary?: AttachedPermissionsBoundary;
} {
  if (boundary === undefined) return {};
  return {
    PermissionsBoundary: {
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
      PermissionsBoundaryArn: boundary,
    },
  };
}

/** PutRolePermissionsBoundary and DeleteRolePermissionsBoundary, and the same for users. */
export function boundaryOperations<Stored extends StoredActor>(kind: IdentityKind<Stored>): AnyOperation[] {
  const put = `Put${kind.word}PermissionsBoundary`;
  const remove = `Delete${kind.word}PermissionsBoundary`;
  return [
    defineOperation<Input, object>({
      name: put,
      access: onIdentity(kind, `iam:${put}`, ({ PermissionsBoundary = '' }: Input) => ({
        'iam:PermissionsBoundary': PermissionsBoundary,
      })),
      async handle(call, input) {
        const { PermissionsBoundary: boundary = '' } = input;
        await changeIdentity(call, kind, input, (identity, tx) => {
          assertUnprotected(identity);
          assertBoundary(tx, call.account, boundary);
          return { ...identity, boundary };
        });
        return {};
      },
    }),
    defineOperation<IdentityName, object>({
      name: remove,
      access: onIdentity(kind, `iam:${remove}`, (_, identity) => boundaryContext(identity)),
      async handle(call, input) {
        await changeIdentity(call, kind, input, (identity) => {
          assertUnprotected(identity);
          const { boundary: _, ...unbound } = identity;
          return unbound as Stored;
        });
        return {};
      },
    }),
  ];
}
