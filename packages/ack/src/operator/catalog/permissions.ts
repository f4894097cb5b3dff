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
    ...referenceRules(kinds),
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

/** What resources refer to and other operators serve is read when it is needed, and watched by nobody here. */
function referenceRules(kinds: readonly KindName[]): readonly PolicyRule[] {
  const served = new Set(kinds.map(({ group, plural }) => `${plural}.${group}`));
  const foreign = new Map<string, Set<string>>();
  for (const { target } of kinds.flatMap(({ references }) => references)) {
    if (served.has(`${target.plural}.${target.group}`)) continue;
    foreign.set(target.group, (foreign.get(target.group) ?? new Set()).add(target.plural));
  }
  return [...foreign].map(([group, plurals]) => ({
    apiGroups: [group],
    resources: [...plurals].toSorted(),
    verbs: ['get'],
  }));
}
