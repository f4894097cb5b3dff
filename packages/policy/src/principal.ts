// Who a Principal element names, and how closely: a policy that names the account only delegates, one
// that names the session grants past every other layer (identity.md: the same-account matrix of IAM).
import type { PrincipalElement } from './document.ts';
import type { PrincipalFacts } from './request.ts';

/**
 * How closely a resource policy names the caller. `account` delegates to the account's own policies;
 * `role` names the role behind a session; `self` names the user, the session or the service itself.
 */
export type Naming = 'none' | 'account' | 'role' | 'self' | 'everyone';

/** How the caller is named by the element's list; negation is not looked at. The closest naming wins. */
export function namingOf(element: PrincipalElement, who: PrincipalFacts): Naming {
  if (element.aws.includes('*')) return 'everyone';
  switch (who.kind) {
    case 'anonymous':
      return 'none';
    case 'service':
      return element.service.includes(who.service) ? 'self' : 'none';
    case 'web-identity':
      return element.federated.includes(who.providerArn) ? 'self' : 'none';
    default:
      return awsNaming(element.aws, who);
  }
}

type AwsPrincipal = Exclude<PrincipalFacts, { kind: 'anonymous' | 'service' | 'web-identity' }>;

function awsNaming(names: readonly string[], who: AwsPrincipal): Naming {
  let closest: Naming = 'none';
  for (const name of names) {
    if (name === who.arn || isUserId(name, who)) return 'self';
    if (who.kind === 'role-session' && (name === who.roleArn || name === roleIdOf(who.userId)))
      closest = 'role';
    else if (closest === 'none' && namesAccount(name, who.account)) closest = 'account';
  }
  return closest;
}

/** IAM stores the unique id of users and roles that a policy names, so that a new one of that name is not meant. */
function isUserId(name: string, who: AwsPrincipal): boolean {
  return who.kind === 'user' && name === who.userId;
}

function roleIdOf(userId: string): string {
  return userId.slice(0, userId.indexOf(':'));
}

/** `123456789012` and `arn:aws:iam::123456789012:root` are the same principal. */
export function namesAccount(name: string, account: string): boolean {
  if (name === account) return true;
  return name.endsWith(`::${account}:root`) && /^arn:[^:]+:iam::\d{12}:root$/.test(name);
}

/**
 * Whether NotPrincipal spares the caller in a Deny: AWS looks at the account, the role and the session,
 * and all of them have to be listed.
 */
export function sparedByNotPrincipal(element: PrincipalElement, who: PrincipalFacts): boolean {
  const naming = namingOf(element, who);
  if (naming === 'everyone') return true;
  if (who.kind === 'service' || who.kind === 'web-identity' || who.kind === 'anonymous')
    return naming === 'self';
  const { aws } = element;
  if (!aws.some((name) => namesAccount(name, who.account))) return false;
  if (who.kind === 'root') return true;
  const roleListed =
    who.kind !== 'role-session' || aws.includes(who.roleArn) || aws.includes(roleIdOf(who.userId));
  return naming === 'self' && roleListed;
}
