// Owners and initiators as S3 shows them.
import { createHash } from 'node:crypto';
import type { PrincipalFacts } from '@pergola/policy';

/** The canonical user id of an account: 64 hex digits, here derived from the account so that it never changes. */
export function canonicalIdOf(account: string): string {
  return createHash('sha256').update(`canonical-user:${account}`).digest('hex');
}

/** ARN of a caller; anonymous callers have the one that S3 gives them. */
export function arnOf(facts: PrincipalFacts): string {
  return 'arn' in facts ? facts.arn : 'arn:aws:iam::anonymous:user/anonymous';
}
