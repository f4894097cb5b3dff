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

const FULL_AUTHORITY: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Throws 403 for a ClusterRole that aggregates others, and so may come to hold any rule, unless the user holds all. */
export function assertMayAggregate(context: StrategyContext, object: KubeObject): void {
  const { user, plane } = context;
  const { clusterRoleSelectors } = (object['aggregationRule'] ?? {}) as { clusterRoleSelectors?: unknown[] };
  if (!clusterRoleSelectors?.length) return;
  if (isFreeToGrant(context, { kind: 'ClusterRole', object, bypass: 'escalate' })) return;
  if (uncovered(plane.authorizer.rulesFor(user, ''), FULL_AUTHORITY).length === 0) return;
  throw faults.forbidden(
    { group: GROUP, resource: PLURALS.ClusterRole },
    object.metadata.name,
    'must have cluster-admin privileges to use the aggregationRule',
  );
}

/** Members of system:masters, and those who may `escalate` roles, grant what they like. */
function isFreeToGrant(
  { user, plane }: StrategyContext,
  { kind, object, bypass }: Pick<Grant, 'kind' | 'object' | 'bypass'>,
): boolean {
  if (user.groups.includes('system:masters')) return true;
  const { name, namespace = '' } = object.metadata;
  const question = {
    user,
    verb: bypass,
    group: GROUP,
    resource: PLURALS[kind],
    subresource: '',
    namespace,
    name,
  };
  return bypass === 'escalate' && plane.authorizer.authorize(question).allowed;
}

/** Throws 403 when the user would grant more than they hold. */
export function assertHolds(context: StrategyContext, grant: Grant): void {
  if (isFreeToGrant(context, grant)) return;
  const { user, plane } = context;
  const { name, namespace = '' } = grant.object.metadata;
  const resource = PLURALS[grant.kind];
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
