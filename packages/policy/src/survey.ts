// What each layer of policies says about a request: the first statement that denies and the one that
// allows. The ruling over the layers is made in ruling.ts.
import type { CompiledStatement } from './compile.ts';
import { namingOf, type Naming, sparedByNotPrincipal } from './principal.ts';
import type { NamedPolicy, PolicySet } from './policy-set.ts';
import type { Scope } from './scope.ts';

/** A statement that applies to the request, and the policy it stands in. */
export interface Hit {
  readonly policy: NamedPolicy;
  readonly statement: CompiledStatement;
}

/** What a layer says. Neither set: it does not speak of the request. */
export interface Finding {
  deny: Hit | undefined;
  allow: Hit | undefined;
}

/** A resource policy also says how closely its Allow names the caller. */
export interface ResourceFinding extends Finding {
  naming: Naming;
}

export interface Survey {
  readonly serviceControl: readonly Finding[];
  readonly resource: ResourceFinding | undefined;
  readonly identity: Finding;
  readonly boundary: Finding | undefined;
  readonly session: Finding | undefined;
}

const none: readonly Finding[] = [];

export function surveyLayers(scope: Scope, policies: PolicySet): Survey {
  const { serviceControl, resource, boundary, session } = policies;
  return {
    serviceControl: serviceControl ? serviceControl.map((level) => surveyPolicies(level, scope)) : none,
    resource: resource && surveyResource(resource, scope, boundary !== undefined),
    identity: surveyPolicies(policies.identity, scope),
    boundary: boundary && surveyPolicies([boundary], scope),
    session: session && surveyPolicies(session, scope),
  };
}

/** Policies whose principal is the one they are attached to. */
function surveyPolicies(policies: readonly NamedPolicy[], scope: Scope): Finding {
  const finding: Finding = { deny: undefined, allow: undefined };
  for (const policy of policies) {
    const { denies, allows } = policy.policy.candidates(scope.action);
    finding.deny ??= firstHit(policy, denies, scope);
    finding.allow ??= firstHit(policy, allows, scope);
  }
  return finding;
}

function firstHit(
  policy: NamedPolicy,
  statements: readonly CompiledStatement[],
  scope: Scope,
): Hit | undefined {
  for (const statement of statements) if (applies(statement, scope)) return { policy, statement };
  return undefined;
}

/** Whether resource and conditions match; the action is known to, the principal is asked elsewhere. */
function applies(statement: CompiledStatement, scope: Scope): boolean {
  if (!statement.matchesResource(scope)) return false;
  for (const condition of statement.conditions) if (!condition.holds(scope)) return false;
  return true;
}

function surveyResource(policy: NamedPolicy, scope: Scope, bounded: boolean): ResourceFinding {
  const finding: ResourceFinding = { deny: undefined, allow: undefined, naming: 'none' };
  const { denies, allows } = policy.policy.candidates(scope.action);
  for (const statement of denies) {
    if (denyNames(statement, scope, bounded) && applies(statement, scope)) {
      finding.deny = { policy, statement };
      break;
    }
  }
  for (const statement of allows) {
    const naming = allowNaming(statement, scope);
    if (closeness[naming] <= closeness[finding.naming] || !applies(statement, scope)) continue;
    finding.allow = { policy, statement };
    finding.naming = naming;
  }
  return finding;
}

const closeness: Readonly<Record<Naming, number>> = { none: 0, account: 1, role: 2, self: 3, everyone: 3 };

/** How an Allow of a resource policy names the caller; `NotPrincipal` names all it does not list. */
export function allowNaming(statement: CompiledStatement, scope: Scope): Naming {
  const { principal } = statement.source;
  if (!principal) return 'none';
  const naming = namingOf(principal, scope.request.principal);
  if (!principal.negated) return naming;
  return naming === 'none' ? 'everyone' : 'none';
}

/**
 * Whether a Deny of a resource policy speaks of the caller. With a permissions boundary attached,
 * `NotPrincipal` spares nobody: AWS says so in its page on NotPrincipal.
 */
export function denyNames(statement: CompiledStatement, scope: Scope, bounded: boolean): boolean {
  const { principal } = statement.source;
  if (!principal) return false;
  if (!principal.negated) return namingOf(principal, scope.request.principal) !== 'none';
  return bounded || !sparedByNotPrincipal(principal, scope.request.principal);
}
