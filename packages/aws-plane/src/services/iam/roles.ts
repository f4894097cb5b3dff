// Roles as IAM shows them.
import type { Role } from '@aws-sdk/client-iam';
import { boundaryShape } from './boundaries.ts';
import { encodeDocument } from './documents.ts';
import type { StoredRole } from './state.ts';
import { tagsUnlessNone } from './tags.ts';

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
  // NOTE: `RoleLastUsed` is that of a role never used: the key of a session does not tell its role.
  return { ...listed, RoleLastUsed: {}, ...tagsUnlessNone(role.tags), ...boundaryShape(role) };
}
