// Roles as they are kept, and as IAM shows them.
import type { Role } from '@aws-sdk/client-iam';
import type { Transaction } from '@pergola/store';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { encodeDocument } from './documents.ts';
import { faults } from './faults.ts';
import { arnOf } from './naming.ts';
import { readRecord, type StoredRole, tables, writeRecord } from './state.ts';
import { tagListOf } from './tags.ts';

/** The role, or NoSuchEntity. */
export function roleNamed(call: Call, name: string | undefined): StoredRole {
  const role = readRecord(call.plane.store, tables.roles, call.account, name ?? '');
  if (!role) throw faults.noSuchRole(name ?? '');
  return role;
}

/** Replaces a role by what `change` makes of it, in one transaction. */
export async function changeRole(
  call: Call,
  name: string | undefined,
  change: (role: StoredRole, tx: Transaction) => StoredRole,
): Promise<StoredRole> {
  const { value } = await call.plane.store.transact((tx) => {
    const role = readRecord(tx, tables.roles, call.account, name ?? '');
    if (!role) throw faults.noSuchRole(name ?? '');
    const changed = change(role, tx);
    writeRecord(tx, tables.roles, { account: call.account, name: role.name }, changed);
    return changed;
  });
  return value;
}

/** Policies decide on the role's own ARN, path included; a role that is not there is asked about by its name. */
export function onRole<Input extends { RoleName: string | undefined }>(
  action: string,
  contextOf: (input: Input) => Readonly<Record<string, string>> = () => ({}),
): Access<Input> {
  return {
    iam: (input, call) => [
      { action, resource: roleArnOf(call, input.RoleName ?? ''), context: contextOf(input) },
    ],
  };
}

function roleArnOf(call: Call, name: string): string {
  const known = readRecord(call.plane.store, tables.roles, call.account, name);
  return known?.arn ?? arnOf(call.account, 'role', '/', name);
}

/** As GetRole shows it. Lists leave out tags, boundary and last use. */
export function roleShape(role: StoredRole, detail: 'whole' | 'listed' = 'whole'): Role {
  const listed: Role = {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionDurationSeconds,
  };
  if (detail === 'listed') return listed;
  return {
    ...listed,
    RoleLastUsed: {},
    ...(Object.keys(role.tags).length > 0 ? { Tags: tagListOf(role.tags) } : {}),
    ...(role.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: role.boundary,
          },
        }),
  };
}
