// The resource types that our own controllers and clients speak of, by their REST names.
import type { ResourceType } from './client.ts';

function resource(apiVersion: string, plural: string, kind: string, namespaced = true): ResourceType {
  const [first = '', second] = apiVersion.split('/');
  return Object.freeze({
    group: second === undefined ? '' : first,
    version: second ?? first,
    plural,
    kind,
    namespaced,
  });
}

/** The `apiVersion` that objects of `type` carry: `v1`, `apps/v1`. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The built-in kinds, keyed by plural. */
export const resourceTypes = {
  namespaces: resource('v1', 'namespaces', 'Namespace', false),
  nodes: resource('v1', 'nodes', 'Node', false),
  pods: resource('v1', 'pods', 'Pod'),
  services: resource('v1', 'services', 'Service'),
  endpoints: resource('v1', 'endpoints', 'Endpoints'),
  configmaps: resource('v1', 'configmaps', 'ConfigMap'),
  secrets: resource('v1', 'secrets', 'Secret'),
  serviceaccounts: resource('v1', 'serviceaccounts', 'ServiceAccount'),
  events: resource('v1', 'events', 'Event'),
  persistentvolumeclaims: resource('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  deployments: resource('apps/v1', 'deployments', 'Deployment'),
  replicasets: resource('apps/v1', 'replicasets', 'ReplicaSet'),
  statefulsets: resource('apps/v1', 'statefulsets', 'StatefulSet'),
  daemonsets: resource('apps/v1', 'daemonsets', 'DaemonSet'),
  controllerrevisions: resource('apps/v1', 'controllerrevisions', 'ControllerRevision'),
  jobs: resource('batch/v1', 'jobs', 'Job'),
  cronjobs: resource('batch/v1', 'cronjobs', 'CronJob'),
  leases: resource('coordination.k8s.io/v1', 'leases', 'Lease'),
  endpointslices: resource('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  roles: resource('rbac.authorization.k8s.io/v1', 'roles', 'Role'),
  rolebindings: resource('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding'),
  clusterroles: resource('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', false),
  clusterrolebindings: resource(
    'rbac.authorization.k8s.io/v1',
    'clusterrolebindings',
    'ClusterRoleBinding',
    false,
  ),
  mutatingwebhookconfigurations: resource(
    'admissionregistration.k8s.io/v1',
    'mutatingwebhookconfigurations',
    'MutatingWebhookConfiguration',
    false,
  ),
  customresourcedefinitions: resource(
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    false,
  ),
  infrastructures: resource('config.openshift.io/v1', 'infrastructures', 'Infrastructure', false),
  authentications: resource('config.openshift.io/v1', 'authentications', 'Authentication', false),
} as const;
