// Attaching managed policies to an identity.
import type { AttachedPolicy } from '@aws-sdk/client-iam';
import { faults } from './faults.ts';

/** AWS's default quota for roles and users alike. */
const ATTACHED_MAX = 10;

/** Attaching twice is no error. */
export function withAttached(
  attached: readonly string[],
  arn: string,
  owner: 'role' | 'user',
): readonly string[] {
  if (attached.includes(arn)) return attached;
  if (attached.length >= ATTACHED_MAX)
    throw faults.quota(`PoliciesPer${owner === 'role' ? 'Role' : 'User'}`, ATTACHED_MAX);
  return [...attached, arn];
}

export function withoutAttached(attached: readonly string[], arn: string): readonly string[] {
  if (!attached.includes(arn)) throw faults.notAttached(arn);
  return attached.filter((each) => each !== arn);
}

export function attachedShape(arn: string): AttachedPolicy {
  return { PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn };
}
