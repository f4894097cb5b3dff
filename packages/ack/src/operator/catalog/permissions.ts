// What the operator may do in a cluster: exactly what its parts need.
import type { KindName } from '../../kinds/index.ts';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const read = ['get', 'list', 'watch'];

/** For the resources of `kinds`. */
export function operatorRules(kinds: readonly KindName[]): readonly PolicyRule[] {
  const groups = [...new Set(kinds.map(({ group }) => group))];
  const ofKinds = groups.flatMap((group) => {
    const plurals = kinds.filter((kind) => kind.group === group).map(({ plural }) => plural);
    return [
      { apiGroups: [group], resources: plurals, verbs: [...read, 'patch'] },
      { apiGroups: [group], resources: plurals.map((plural) => `${plural}/status`), verbs: ['patch'] },
    ];
  });
  return [
    ...ofKinds,
    { apiGroups: ['services.k8s.aws'], resources: ['fieldexports'], verbs: [...read, 'patch'] },
    { apiGroups: ['services.k8s.aws'], resources: ['fieldexports/status'], verbs: ['patch'] },
    { apiGroups: ['services.k8s.aws'], resources: ['iamroleselectors'], verbs: read },
    { apiGroups: [''], resources: ['namespaces'], verbs: read },
    // Read for passwords and for the account map; written by FieldExports.
    { apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: [...read, 'create', 'patch'] },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  ];
}
