// What AWS says when it denies a call, read so that the missing permission can be named.
import type { AwsError } from '@pergola/aws-client';

export interface Denial {
  readonly principal: string;
  readonly action: string;
  /** Absent where AWS does not say. */
  readonly resource: string | undefined;
  /** A deny that stands in a policy: no further statement would help. */
  readonly isExplicit: boolean;
}

const codes = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|NotAuthorized)$/;
const sentence = /User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))?/;

/** The parts of a denial; undefined for other errors, and for denials that say nothing (S3 often does so). */
export function denialOf(error: AwsError): Denial | undefined {
  if (!codes.test(error.code)) return undefined;
  const [, principal, action, resource] = sentence.exec(error.message) ?? [];
  if (principal === undefined || action === undefined) return undefined;
  const isExplicit = /explicit deny/.test(error.message);
  return { principal, action, resource: resource?.replace(/^"|"$/g, ''), isExplicit };
}

/** `Code: message`, as ACK writes errors of AWS, with what mends a denial. */
export function describeAwsError(error: AwsError): string {
  const text = `${error.code}: ${error.message}`;
  const denial = denialOf(error);
  if (denial === undefined) return text;
  const { principal, action, resource = '*', isExplicit } = denial;
  if (isExplicit)
    return `${text} (a policy denies ${action} to ${principal}: a statement that allows it does not help)`;
  const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
  return `${text} (add to a policy of ${identityOf(principal)}: ${statement})`;
}

/** The role behind a session, or the principal itself. */
function identityOf(principal: string): string {
  const [, partition, account, role] =
    /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  return role === undefined ? principal : `arn:${partition}:iam::${account}:role/${role}`;
}
