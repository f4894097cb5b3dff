// Access checks against the trust policy of a role.
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { AwsFault } from '../../fault.ts';
import type { RoleAddress } from './role-arn.ts';

export interface TrustQuestion {
  readonly roleArn: string;
  readonly role: RoleAddress;
  /** `sts:AssumeRole…`, then what else the request does to the role. */
  readonly actions: readonly string[];
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly denial?: (sentence: string) => AwsFault;
}

/**
 * One check for each action. A role that does not exist has no trust policy, so it is denied in the same words as one
 * that does not trust the caller; only the Step says so.
 */
export function trustChecks(question: TrustQuestion, call: Call): AccessCheck[] {
  const { roleArn, role, context, denial } = question;
  const { identities } = call.plane.ports;
  const known = identities.findRole(role.account, role.roleName);
  const exists = known?.arn === roleArn;
  if (!exists) {
    call.record({
      check: 'sts.role',
      outcome: 'failed',
      because: known
        ? `the role ${role.roleName} has the ARN ${known.arn}, not ${roleArn}`
        : `the account ${role.account} has no role ${role.roleName}`,
      evidence: { roleArn, account: role.account },
      fix: known ? `use ${known.arn}` : `aws iam create-role --role-name ${role.roleName} …`,
      link: 'R7',
    });
  }
  const resourcePolicy = exists ? identities.trustPolicyOfRole(role.account, role.roleName) : undefined;
  const tags = exists ? resourceTags(known.tags) : {};
  return question.actions.map((action) => ({
    action,
    resource: roleArn,
    resourceAccount: role.account,
    resourceMode: 'required',
    resourcePolicy,
    context: Object.assign({}, tags, context),
    ...(denial ? { denial } : {}),
  }));
}

function resourceTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );
}

/** Condition keys of the session tags in a request. */
export function requestTagKeys(
  tags: Readonly<Record<string, string>>,
  transitive: readonly string[],
): Record<string, string | readonly string[]> {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  return {
    ...Object.fromEntries(names.map((name) => [`aws:RequestTag/${name}`, tags[name] ?? ''])),
    'aws:TagKeys': names,
    ...(transitive.length > 0 ? { 'sts:TransitiveTagKeys': transitive } : {}),
  };
}
