// Stage 6: what policies say. The only caller of the policy engine.
import {
  type AuthorizationRequest,
  evaluate,
  type NamedPolicy,
  type PolicySet,
  renderDenial,
} from '@pergola/policy';
import type { AccessCheck } from '../access-check.ts';
import type { Call } from '../call.ts';
import type { Protocol } from '@pergola/aws-model';
import type { AwsFault } from '../fault.ts';
import type { AnyOperation } from '../operation.ts';
import type { Principal } from '../principal.ts';
import { type ContextFacts, conditionContext, roleNameOf } from './condition-context.ts';
import { accessDenied, familyOf } from './faults.ts';
import type { SessionPolicies } from './session-policies.ts';
import type { Trail } from './trail.ts';

/** Who is asked about, and where the answers are recorded. */
export interface Subject extends ContextFacts {
  readonly account: string;
  readonly protocol: Protocol;
  readonly sessionPolicies: SessionPolicies;
  readonly trail: Trail;
  /** Condition keys of a caller that is a service, in place of what its request would say. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

/** The Call of a subject, before or after a token in the input has changed who it is. */
export function openCall(subject: Subject): Call {
  const { plane, principal, account, region, nowMs, transport, trail } = subject;
  const denialOf = checkerOf(subject);
  return {
    requestId: trail.requestId,
    account,
    region,
    principal,
    nowMs,
    plane,
    transport,
    record: (step) => trail.add(step),
    denialOf,
  };
}

/**
 * Lets the call pass or throws the denial. Operations whose credential is in their input are called as whoever that
 * turns out to be: the Call that is returned is the one for the handler.
 */
export async function authorize(subject: Subject, operation: AnyOperation, input: object): Promise<Call> {
  const { access } = operation;
  const call = openCall(subject);
  if ('anonymous' in access) return call;
  if ('authenticated' in access) {
    if (subject.principal.facts.kind !== 'anonymous') return call;
    throw accessDenied(familyOf(subject.protocol), 'Access Denied');
  }
  if (!('identify' in access)) return pass(call, access.iam(input, call));
  const principal: Principal = await access.identify(input, call);
  const account = 'account' in principal.facts ? principal.facts.account : subject.account;
  const identified = openCall(Object.assign({}, subject, { principal, account }));
  return pass(identified, access.iam(input, identified));
}

function pass(call: Call, checks: readonly AccessCheck[]): Call {
  for (const check of checks) {
    const denial = call.denialOf(check);
    if (denial) throw denial;
  }
  return call;
}

/**
 * Answers checks for one subject. Policies and condition keys are gathered at the first one. NOTE: `Object.assign`,
 * because an object literal that begins with a spread gets a hidden class of its own at each evaluation (V8 11):
 * microseconds for each, and a kilobyte for each in the record.
 */
function checkerOf(subject: Subject): Call['denialOf'] {
  let policies: PolicySet | undefined;
  let context: ReturnType<typeof conditionContext> | undefined;
  return (check) => {
    policies ??= policiesOf(subject);
    context ??= Object.assign(conditionContext(subject), subject.context);
    const { action, resource, resourcePolicy, resourceMode = 'optional' } = check;
    const resourceAccount = check.resourceAccount ?? (resource.split(':', 5)[4] || subject.account);
    const request: AuthorizationRequest = {
      action,
      resource,
      resourceAccount,
      principal: subject.principal.facts,
      context: Object.assign({}, context, { 'aws:ResourceAccount': resourceAccount }, check.context),
    };
    const verdict = evaluate(
      request,
      Object.assign({}, policies, { resource: resourcePolicy, resourceMode }),
    );
    subject.trail.add(verdict);
    subject.trail.addResource(resource);
    return verdict.allowed ? undefined : denialFor(subject, check, request, renderDenial(request, verdict));
  };
}

/** S3 says why only to callers of the same account. */
function denialFor(
  subject: Subject,
  check: AccessCheck,
  request: AuthorizationRequest,
  sentence: string,
): AwsFault {
  if (check.denial) return check.denial(sentence);
  const family = familyOf(subject.protocol);
  if (family === 'ec2')
    return accessDenied(family, `You are not authorized to perform this operation. ${sentence}`);
  const { principal } = request;
  const sameAccount = 'account' in principal && principal.account === request.resourceAccount;
  return accessDenied(family, family === 's3' && !sameAccount ? 'Access Denied' : sentence);
}

const NONE: readonly NamedPolicy[] = [];

function policiesOf(subject: Subject): PolicySet {
  const { facts, session } = subject.principal;
  const directory = subject.plane.ports.identities;
  const own = session && subject.sessionPolicies.of(session, directory);
  if (facts.kind === 'user') {
    const { account, userName } = facts;
    return {
      identity: directory.policiesOfUser(account, userName),
      boundary: directory.boundaryOfUser(account, userName),
      session: own,
    };
  }
  if (facts.kind !== 'role-session') return { identity: NONE };
  const { account, roleArn, userId } = facts;
  const roleName = roleNameOf(roleArn);
  // A role made anew under the same name is another role: old sessions get nothing from it.
  if (directory.findRole(account, roleName)?.roleId !== userId.split(':', 1)[0])
    return { identity: NONE, session: own };
  return {
    identity: directory.policiesOfRole(account, roleName),
    boundary: directory.boundaryOfRole(account, roleName),
    session: own,
  };
}
