// AWS's sentence for a denied request. Upstream: IAM User Guide, "Troubleshoot access denied error messages".
import type { AuthorizationRequest, PrincipalFacts } from './request.ts';
import type { PolicyLayer, PolicyVerdict } from './verdict.ts';

interface Wording {
  /** What did not allow, when nothing denied. */
  readonly implicit: string;
  /** What denied. */
  readonly explicit: string;
}

const wordings: Readonly<Record<PolicyLayer, Wording>> = {
  identity: { implicit: 'no identity-based policy', explicit: 'an identity-based policy' },
  resource: { implicit: 'no resource-based policy', explicit: 'a resource-based policy' },
  boundary: { implicit: 'no permissions boundary', explicit: 'a permissions boundary' },
  session: { implicit: 'no session policy', explicit: 'a session policy' },
  'service-control': { implicit: 'no service control policy', explicit: 'a service control policy' },
  trust: { implicit: 'no role trust policy', explicit: 'the role trust policy' },
};

/**
 * The sentence for a verdict that is not allowed, e.g. `User: ARN is not authorized to perform:
 * s3:PutObject on resource: ARN because no identity-based policy allows the s3:PutObject action`.
 * Holders of a web identity learn no more than `Not authorized to perform ACTION`, as from AWS.
 */
export function renderDenial(request: AuthorizationRequest, verdict: PolicyVerdict): string {
  const { action, principal, resource } = request;
  if (principal.kind === 'web-identity') return `Not authorized to perform ${action}`;
  const wording = wordings[verdict.layer];
  const target = resource === '*' ? '' : ` on resource: ${resource}`;
  const reason =
    verdict.decision === 'explicit-deny'
      ? `with an explicit deny in ${wording.explicit}`
      : `because ${wording.implicit} allows the ${action} action`;
  return `User: ${nameOf(principal)} is not authorized to perform: ${action}${target} ${reason}`;
}

function nameOf(principal: Exclude<PrincipalFacts, { kind: 'web-identity' }>): string {
  if (principal.kind === 'anonymous') return 'anonymous';
  return principal.kind === 'service' ? principal.service : principal.arn;
}
