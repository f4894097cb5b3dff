// Users as IAM shows them, and whom an operation means that names none.
import type { User } from '@aws-sdk/client-iam';
import type { Call } from '../../call.ts';
import { boundaryShape } from './boundaries.ts';
import { faults } from './faults.ts';
import type { StoredUser } from './state.ts';
import { tagsUnlessNone } from './tags.ts';

/** As GetUser shows it; lists leave out tags and boundary. */
export function userShape(user: StoredUser, detail: 'whole' | 'listed' = 'whole'): User {
  const listed: User = {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
  };
  return detail === 'listed' ? listed : { ...listed, ...tagsUnlessNone(user.tags), ...boundaryShape(user) };
}

/** The user that `name` names, by default the caller. Throws ValidationError when the caller is no user. */
export function userNameOr(call: Call, name: string | undefined): string {
  if (name !== undefined) return name;
  const { facts } = call.principal;
  if (facts.kind !== 'user') throw faults.mustNameUser();
  return facts.userName;
}
