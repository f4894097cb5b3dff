// The roles and bindings that every cluster starts with, as upstream's bootstrap policy and OpenShift's defaults
// give them for the kinds that are served here.
import type { PolicyRule } from '../contract.ts';
import { on, paths, READ, WRITE } from './bootstrap-rules.ts';

export interface DefaultRole {
  readonly name: string;
  readonly rules?: readonly PolicyRule[];
  /** Collects the rules of cluster roles that carry this label. */
  readonly aggregates?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface DefaultBinding {
  readonly name: string;
  readonly role: string;
  /** `Group:name`, `User:name` or `ServiceAccount:namespace/name`. */
  readonly subjects: readonly string[];
}

const ALL = on('*', '*', '*');
const toLabel = (role: string) => `rbac.authorization.k8s.io/aggregate-to-${role}`;
const feeds = (role: string) => ({ [toLabel(role)]: 'true' });

const VIEWED = [
  on('core', 'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods', READ),
  on('core', 'replicationcontrollers serviceaccounts services services/status', READ),
  on('core', 'bindings events limitranges namespaces/status pods/log pods/status', READ),
  on('core', 'resourcequotas resourcequotas/status namespaces', READ),
  on('discovery.k8s.io', 'endpointslices', READ),
  on('apps', 'controllerrevisions daemonsets daemonsets/status deployments deployments/scale', READ),
  on('apps', 'deployments/status replicasets replicasets/scale replicasets/status', READ),
  on('apps', 'statefulsets statefulsets/scale statefulsets/status', READ),
  on('batch', 'cronjobs cronjobs/status jobs jobs/status', READ),
  on('policy', 'poddisruptionbudgets poddisruptionbudgets/status', READ),
  on('networking.k8s.io', 'ingresses ingresses/status networkpolicies', READ),
];

const EDITED = [
  on('core', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy', 'get list watch'),
  on(
    'core',
    'pods/attach pods/exec pods/portforward pods/proxy',
    'create delete deletecollection patch update',
  ),
  on('core', 'serviceaccounts', 'impersonate'),
  on(
    'core',
    'pods secrets configmaps events persistentvolumeclaims serviceaccounts services services/proxy',
    WRITE,
  ),
  on('core', 'pods/eviction serviceaccounts/token', 'create'),
  on('apps', 'daemonsets deployments deployments/rollback deployments/scale replicasets', WRITE),
  on('apps', 'replicasets/scale statefulsets statefulsets/scale', WRITE),
  on('batch', 'cronjobs jobs', WRITE),
  on('policy', 'poddisruptionbudgets', WRITE),
  on('networking.k8s.io', 'ingresses networkpolicies', WRITE),
  on('coordination.k8s.io', 'leases', `${READ} ${WRITE}`),
];

const ADMINISTERED = [
  on('rbac.authorization.k8s.io', 'rolebindings roles', `${READ} ${WRITE}`),
  on('authorization.k8s.io', 'localsubjectaccessreviews', 'create'),
  on('project.openshift.io', 'projects', 'get delete patch update'),
];

const DISCOVERY = '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/';
const OAUTH = '/.well-known /.well-known/oauth-authorization-server';
const ISSUER =
  '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/';

export const DEFAULT_ROLES: readonly DefaultRole[] = [
  { name: 'cluster-admin', rules: [ALL, paths('*', '*')] },
  { name: 'admin', aggregates: toLabel('admin'), rules: [...ADMINISTERED, ...EDITED, ...VIEWED] },
  {
    name: 'edit',
    aggregates: toLabel('edit'),
    labels: feeds('admin'),
    rules: [...EDITED, ...VIEWED],
  },
  { name: 'view', aggregates: toLabel('view'), labels: feeds('edit'), rules: VIEWED },
  { name: 'system:aggregate-to-admin', labels: feeds('admin'), rules: ADMINISTERED },
  { name: 'system:aggregate-to-edit', labels: feeds('edit'), rules: EDITED },
  { name: 'system:aggregate-to-view', labels: feeds('view'), rules: VIEWED },
  { name: 'cluster-reader', rules: [on('*', '*', READ), paths('*')] },
  {
    name: 'self-provisioner',
    rules: [on('project.openshift.io', 'projectrequests', 'create')],
  },
  { name: 'system:discovery', rules: [paths(DISCOVERY)] },
  {
    name: 'system:public-info-viewer',
    rules: [paths(`/healthz /livez /readyz /version /version/ ${OAUTH} /`)],
  },
  { name: 'system:service-account-issuer-discovery', rules: [paths(ISSUER)] },
  {
    name: 'system:basic-user',
    rules: [
      on('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', 'create'),
      on('authentication.k8s.io', 'selfsubjectreviews', 'create'),
      { ...on('user.openshift.io', 'users', 'get'), resourceNames: ['~'] },
      on('project.openshift.io', 'projectrequests', 'list'),
      on('project.openshift.io', 'projects', 'list watch'),
      on('config.openshift.io', 'clusterversions', 'get list watch'),
    ],
  },
  {
    name: 'system:auth-delegator',
    rules: [
      on('authentication.k8s.io', 'tokenreviews', 'create'),
      on('authorization.k8s.io', 'subjectaccessreviews', 'create'),
    ],
  },
  {
    name: 'system:node',
    rules: [
      on('core', 'nodes nodes/status', `get list watch create update patch delete`),
      on('core', 'pods configmaps secrets serviceaccounts services persistentvolumeclaims', READ),
      on('core', 'pods', 'create delete'),
      on('core', 'pods/status', 'get patch update'),
      on('core', 'pods/eviction serviceaccounts/token', 'create'),
      on('core events.k8s.io', 'events', 'create patch update'),
      on('coordination.k8s.io', 'leases', 'get list watch create update patch delete'),
      on('authentication.k8s.io', 'tokenreviews', 'create'),
      on('authorization.k8s.io', 'subjectaccessreviews localsubjectaccessreviews', 'create'),
    ],
  },
  {
    name: 'system:kube-scheduler',
    rules: [
      on('core', 'nodes pods services persistentvolumeclaims', READ),
      on('core', 'pods', 'delete'),
      on('core', 'bindings pods/binding', 'create'),
      on('core', 'pods/status', 'patch update'),
      on('core events.k8s.io', 'events', 'create patch update'),
      on('coordination.k8s.io', 'leases', 'get create update'),
    ],
  },
  { name: 'system:kube-controller-manager', rules: [ALL, paths('*', '*')] },
];

export const DEFAULT_BINDINGS: readonly DefaultBinding[] = [
  { name: 'cluster-admin', role: 'cluster-admin', subjects: ['Group:system:masters'] },
  {
    name: 'cluster-admins',
    role: 'cluster-admin',
    subjects: ['Group:system:cluster-admins', 'User:system:admin'],
  },
  { name: 'cluster-readers', role: 'cluster-reader', subjects: ['Group:system:cluster-readers'] },
  { name: 'self-provisioners', role: 'self-provisioner', subjects: ['Group:system:authenticated:oauth'] },
  // Since OpenShift 4.16 (ROSA: 4.17) new clusters no longer tell strangers what there is.
  { name: 'system:discovery', role: 'system:discovery', subjects: ['Group:system:authenticated'] },
  {
    name: 'system:public-info-viewer',
    role: 'system:public-info-viewer',
    subjects: ['Group:system:authenticated', 'Group:system:unauthenticated'],
  },
  {
    name: 'system:service-account-issuer-discovery',
    role: 'system:service-account-issuer-discovery',
    subjects: ['Group:system:serviceaccounts', 'Group:system:authenticated', 'Group:system:unauthenticated'],
  },
  { name: 'system:basic-user', role: 'system:basic-user', subjects: ['Group:system:authenticated'] },
  { name: 'system:nodes', role: 'system:node', subjects: ['Group:system:nodes'] },
  { name: 'system:kube-scheduler', role: 'system:kube-scheduler', subjects: ['User:system:kube-scheduler'] },
  {
    name: 'system:kube-controller-manager',
    role: 'system:kube-controller-manager',
    subjects: ['User:system:kube-controller-manager'],
  },
];
