// RoleBinding and ClusterRoleBinding: the role is fixed for life, and only its holder may hand it out.
import { jsonEqual } from '@pergola/kernel';
import type { ResourceDefinition, Strategy, StrategyContext } from '../../contract.ts';
import { assertHolds } from '../../authz/escalation.ts';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { defineResource } from '../define.ts';

const GROUP = 'rbac.authorization.k8s.io';
const rbac = { group: GROUP, version: 'v1', createOnUpdate: true } as const;

interface RoleRef {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
  apiGroup?: string;
}

function strategy(kind: 'RoleBinding' | 'ClusterRoleBinding'): Strategy {
  return {
    nameRule: 'path',
    applyDefaults(object) {
      const role = object['roleRef'] as { apiGroup?: string } | undefined;
      if (role) role.apiGroup ||= GROUP;
      for (const subject of subjectsOf(object)) {
        if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= GROUP;
      }
    },
    validate: (object) => [...roleRefFaults(object, kind), ...subjectsOf(object).flatMap(subjectFaults)],
    validateUpdate: (object, previous) =>
      jsonEqual(object['roleRef'], previous['roleRef'])
        ? []
        : [fieldFaults.invalid('roleRef', object['roleRef'], 'cannot change roleRef')],
    authorizeWrite: (object, context) => assertMayBind(object, context, kind),
  };
}

function subjectsOf(object: KubeObject): Subject[] {
  return (object['subjects'] ?? []) as Subject[];
}

function roleRefFaults(object: KubeObject, kind: string): FieldFault[] {
  const role = object['roleRef'] as RoleRef | undefined;
  const kinds = kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const errors: FieldFault[] = [];
  if (!role || !kinds.includes(role.kind))
    errors.push(fieldFaults.unsupported('roleRef.kind', role?.kind ?? '', kinds));
  if (!role?.name) errors.push(fieldFaults.required('roleRef.name'));
  return errors;
}

function subjectFaults(subject: Subject, index: number): FieldFault[] {
  const field = `subjects[${index}]`;
  const kinds = ['ServiceAccount', 'User', 'Group'];
  const errors: FieldFault[] = [];
  if (!subject.name) errors.push(fieldFaults.required(`${field}.name`));
  if (!kinds.includes(subject.kind))
    errors.push(fieldFaults.unsupported(`${field}.kind`, subject.kind, kinds));
  if (subject.kind === 'ServiceAccount' && !subject.namespace)
    errors.push(fieldFaults.required(`${field}.namespace`));
  return errors;
}

function assertMayBind(
  object: KubeObject,
  context: StrategyContext,
  kind: 'RoleBinding' | 'ClusterRoleBinding',
): void {
  const role = object['roleRef'] as RoleRef;
  const { namespace = '' } = object.metadata;
  const { authorizer } = context.plane;
  const resource = role.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  const mayBind = authorizer.authorize({
    user: context.user,
    verb: 'bind',
    group: GROUP,
    resource,
    subresource: '',
    namespace,
    name: role.name,
  });
  if (mayBind.allowed) return;
  const rules = authorizer.rulesOf(role.kind, namespace, role.name);
  assertHolds(context, {
    kind,
    object,
    rules: rules ?? [],
    bypass: 'bind',
    missingRole: rules ? undefined : role,
  });
}

export const roleBindings: ResourceDefinition = defineResource({
  ...rbac,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  strategy: strategy('RoleBinding'),
});

export const clusterRoleBindings: ResourceDefinition = defineResource({
  ...rbac,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  strategy: strategy('ClusterRoleBinding'),
});
