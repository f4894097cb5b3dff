// What the operator may do in a cluster: exactly what its aspects need.

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const read = ['get', 'list', 'watch'];
const own = [...read, 'create', 'update', 'patch', 'delete'];

/** The log types that a ServiceAccount may be allowed to collect. */
export const logTypes = ['application', 'audit', 'infrastructure'] as const;

export type LogType = (typeof logTypes)[number];

/** The right to collect logs of these types, which the operator asks for with a SubjectAccessReview. */
export function collectRule(types: readonly LogType[]): PolicyRule {
  return {
    apiGroups: ['logging.openshift.io', 'observability.openshift.io'],
    resources: ['logs'],
    resourceNames: types,
    verbs: ['collect'],
  };
}

/** What collectors read to describe a container. */
export const metadataRule: PolicyRule = { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: read };

export const operatorRules: readonly PolicyRule[] = [
  {
    apiGroups: ['logging.openshift.io', 'observability.openshift.io'],
    resources: ['clusterlogforwarders', 'clusterloggings'],
    verbs: [...read, 'update', 'patch'],
  },
  {
    apiGroups: ['logging.openshift.io', 'observability.openshift.io'],
    resources: ['clusterlogforwarders/status', 'clusterloggings/status'],
    verbs: ['get', 'update', 'patch'],
  },
  // An owner reference with blockOwnerDeletion asks for this on OpenShift.
  {
    apiGroups: ['logging.openshift.io', 'observability.openshift.io'],
    resources: ['clusterlogforwarders/finalizers', 'clusterloggings/finalizers'],
    verbs: ['update'],
  },
  { apiGroups: [''], resources: ['secrets', 'configmaps', 'services', 'serviceaccounts'], verbs: own },
  { apiGroups: ['apps'], resources: ['daemonsets'], verbs: own },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    verbs: own,
  },
  {
    apiGroups: ['config.openshift.io'],
    resources: ['infrastructures', 'clusterversions'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  // The operator can only hand out what it has itself.
  metadataRule,
  collectRule(logTypes),
  {
    apiGroups: ['security.openshift.io'],
    resources: ['securitycontextconstraints'],
    resourceNames: ['privileged'],
    verbs: ['use'],
  },
];
