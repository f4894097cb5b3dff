// Role and ClusterRole: nobody writes rules that they do not hold.
import type { PolicyRule, ResourceDefinition, Strategy } from '../../contract.ts';
import { assertHolds, assertMayAggregate } from '../../authz/escalation.ts';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { defineResource } from '../define.ts';

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', createOnUpdate: true } as const;

function rulesOf(object: KubeObject): readonly PolicyRule[] {
  return (object['rules'] ?? []) as PolicyRule[];
}

function strategy(kind: 'Role' | 'ClusterRole'): Strategy {
  return {
    nameRule: 'path',
    validate: (object) => rulesOf(object).flatMap((rule, index) => ruleFaults(rule, `rules[${index}]`, kind)),
    authorizeWrite(object, context) {
      assertHolds(context, { kind, object, rules: rulesOf(object), bypass: 'escalate' });
      if (kind === 'ClusterRole') assertMayAggregate(context, object);
    },
  };
}

function ruleFaults(rule: PolicyRule, field: string, kind: string): FieldFault[] {
  const paths = rule.nonResourceURLs ?? [];
  const errors =
    (rule.verbs ?? []).length === 0
      ? [fieldFaults.required(`${field}.verbs`, 'verbs must contain at least one value')]
      : [];
  if (paths.length > 0) {
    if (kind === 'Role') {
      errors.push(
        fieldFaults.invalid(
          `${field}.nonResourceURLs`,
          paths,
          'namespaced rules cannot apply to non-resource URLs',
        ),
      );
    }
    return errors;
  }
  if ((rule.apiGroups ?? []).length === 0) {
    errors.push(
      fieldFaults.required(`${field}.apiGroups`, 'resource rules must supply at least one api group'),
    );
  }
  if ((rule.resources ?? []).length === 0) {
    errors.push(
      fieldFaults.required(`${field}.resources`, 'resource rules must supply at least one resource'),
    );
  }
  return errors;
}

export const roles: ResourceDefinition = defineResource({
  ...rbac,
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  strategy: strategy('Role'),
});

export const clusterRoles: ResourceDefinition = defineResource({
  ...rbac,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  strategy: strategy('ClusterRole'),
});
