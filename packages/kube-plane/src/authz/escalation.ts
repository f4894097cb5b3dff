// The escalation check of RBAC writes: granting needs holding, or the verb `escalate` (roles) or `bind` (bindings).
import type { PolicyRule, StrategyContext } from '../contract.ts';
import { faults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { renderRule, uncovered } from './rule-cover.ts';

const GROUP = 'rbac.authorization.k8s.io';
const PLURALS = {
  Role: 'roles',
  ClusterRole: 'clusterroles',
  RoleBinding: 'rolebindings',
  ClusterRoleBinding: 'clusterrolebindings',
} as const;

export interface Grant {
  readonly kind: keyof typeof PLURALS;
  readonly object: KubeObject;
  readonly rules: readonly PolicyRule[];
  readonly bypass: 'escalate' | 'bind';
  /** The role that a binding names and that does not exist. */
  readonly missingRole?: { readonly kind: string; readonly name: string } | undefined;
}

/** Throws 403 when the user would grant more than they hold. */
export function assertHolds(context: StrategyContext, grant: Grant): void {
  const { user, plane } = context;
  if (user.groups.includes('system:masters')) return;
  const { name, namespace = '' } = grant.object.metadata;
  const resource = PLURALS[grant.kind];
  const question = { user, verb: grant.bypass, group: GROUP, resource, subresource: '', namespace, name };
  if (grant.bypass === 'escalate' && plane.authorizer.authorize(question).allowed) return;
  if (grant.missingRole) {
    const { kind, name: role } = grant.missingRole;
    throw faults.notFound(
      { group: GROUP, resource: kind === 'ClusterRole' ? 'clusterroles' : 'roles' },
      role,
    );
  }
  const missing = uncovered(plane.authorizer.rulesFor(user, namespace), grant.rules);
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  throw faults.forbidden(
    { group: GROUP, resource },
    name,
    `user ${JSON.stringify(user.username)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(renderRule).join('\n')}`,
  );
}
