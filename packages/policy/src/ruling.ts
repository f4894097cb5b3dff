// The order of IAM's evaluation, read it here: a Deny anywhere, then service control policies, then the
// resource's policy and the caller's own layers. Upstream: IAM User Guide, "Policy evaluation logic".
import type { PolicySet } from './policy-set.ts';
import type { AuthorizationRequest } from './request.ts';
import type { Hit, Survey } from './survey.ts';
import type { Decision, PolicyLayer } from './verdict.ts';

/** The decision, the layer that made it and its statement, when one did. */
export interface Ruling {
  readonly decision: Decision;
  readonly layer: PolicyLayer;
  readonly hit?: Hit | undefined;
}

export function ruleOn(survey: Survey, request: AuthorizationRequest, policies: PolicySet): Ruling {
  const denied = explicitDeny(survey, policies);
  if (denied) return denied;
  if (survey.serviceControl.some((level) => !level.allow)) return missing('service-control');
  const { principal } = request;
  if (principal.kind === 'anonymous' || principal.kind === 'service' || principal.kind === 'web-identity') {
    return resourceAlone(survey, policies);
  }
  return principal.account === request.resourceAccount
    ? sameAccount(survey, request, policies)
    : crossAccount(survey, request, policies);
}

function explicitDeny(survey: Survey, policies: PolicySet): Ruling | undefined {
  for (const level of survey.serviceControl) if (level.deny) return deny('service-control', level.deny);
  if (survey.resource?.deny) return deny(resourceLayer(policies), survey.resource.deny);
  if (survey.identity.deny) return deny('identity', survey.identity.deny);
  if (survey.boundary?.deny) return deny('boundary', survey.boundary.deny);
  if (survey.session?.deny) return deny('session', survey.session.deny);
  return undefined;
}

/** Callers without policies of their own. */
function resourceAlone(survey: Survey, policies: PolicySet): Ruling {
  const layer = resourceLayer(policies);
  return survey.resource?.allow ? allow(layer, survey.resource.allow) : missing(layer);
}

/**
 * Within an account either side may grant. How far a resource policy reaches past the caller's own
 * layers depends on how closely it names the caller.
 */
function sameAccount(survey: Survey, request: AuthorizationRequest, policies: PolicySet): Ruling {
  const { resource } = survey;
  const naming = resource?.naming ?? 'none';
  const layer = resourceLayer(policies);
  if (resource?.allow && (naming === 'self' || naming === 'everyone')) return allow(layer, resource.allow);
  if (policies.resourceMode === 'required' && naming === 'none') return missing(layer);
  if (naming === 'role') return ownLimits(survey, request) ?? allow(layer, resource?.allow);
  return ownLayers(survey, request);
}

/** Between accounts both sides must grant, however the resource policy names the caller. */
function crossAccount(survey: Survey, request: AuthorizationRequest, policies: PolicySet): Ruling {
  const own = ownLayers(survey, request);
  if (own.decision !== 'allow' || survey.resource?.allow) return own;
  return missing(resourceLayer(policies));
}

/** Identity policies within the boundary and the session's policies. The account root needs none. */
function ownLayers(survey: Survey, request: AuthorizationRequest): Ruling {
  if (request.principal.kind !== 'root' && !survey.identity.allow) return missing('identity');
  return ownLimits(survey, request) ?? allow('identity', survey.identity.allow);
}

function ownLimits(survey: Survey, request: AuthorizationRequest): Ruling | undefined {
  if (survey.boundary && !survey.boundary.allow) return missing('boundary');
  // A federated user has only what its session policy grants; a role session without one is not limited.
  const unlimited = !survey.session && request.principal.kind !== 'federated-user';
  return unlimited || survey.session?.allow ? undefined : missing('session');
}

/** AWS words the denial of a role's trust policy differently from that of other resource policies. */
export function resourceLayer(policies: PolicySet): PolicyLayer {
  return policies.resource?.name.startsWith('trust:') ? 'trust' : 'resource';
}

function allow(layer: PolicyLayer, hit: Hit | undefined): Ruling {
  return { decision: 'allow', layer, hit };
}

function deny(layer: PolicyLayer, hit: Hit): Ruling {
  return { decision: 'explicit-deny', layer, hit };
}

function missing(layer: PolicyLayer): Ruling {
  return { decision: 'implicit-deny', layer };
}
