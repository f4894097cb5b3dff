// What a cluster holds before anyone uses it: default roles, namespaces, the API's own service, the singletons.
import { jsonEqual } from '@pergola/kernel';
import type { Transaction } from '@pergola/store';
import {
  DEFAULT_BINDINGS,
  DEFAULT_ROLES,
  type DefaultBinding,
  type DefaultRole,
} from './authz/default-roles.ts';
import type { Plane, ResourceDefinition } from './contract.ts';
import type { KubeObject } from './object.ts';
import { singletonObjects } from './openshift/singletons.ts';
import { keyOf } from './storage/keys.ts';
import { putObject, readObject } from './storage/objects.ts';
import { timestamp } from './verbs/write.ts';

const NAMESPACES = [
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'openshift',
  'openshift-config',
  'openshift-infra',
  'openshift-logging',
  'openshift-marketplace',
  'openshift-operator-lifecycle-manager',
  'openshift-operators',
];
const RBAC = 'rbac.authorization.k8s.io';
const BOOTSTRAPPED = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

/** Creates what is missing, in one commit. What exists stays as it is, but for the facts of this very start. */
export async function bootstrap(plane: Plane): Promise<void> {
  await plane.store.transact((tx) => {
    for (const name of NAMESPACES) ensure(plane, tx, namespaceObject(name));
    for (const role of DEFAULT_ROLES) ensure(plane, tx, roleObject(role));
    for (const binding of DEFAULT_BINDINGS) ensure(plane, tx, bindingObject(binding));
    refresh(plane, tx, serviceObject(new URL(plane.url()).port));
    for (const object of singletonObjects(plane)) refresh(plane, tx, object);
  });
}

function ensure(plane: Plane, tx: Transaction, object: KubeObject): void {
  const definition = definitionOf(plane, object);
  const { namespace = '', name } = object.metadata;
  if (tx.get(keyOf(definition, namespace, name))) return;
  object.metadata.uid = plane.random.uuid();
  object.metadata.creationTimestamp = timestamp(plane);
  if (definition.hasGeneration) object.metadata.generation = 1;
  putObject(tx, definition, object);
}

/** Like ensure, but spec and status of an existing object become those of now: addresses and the issuer may move. */
function refresh(plane: Plane, tx: Transaction, object: KubeObject): void {
  const definition = definitionOf(plane, object);
  const { namespace = '', name } = object.metadata;
  const existing = readObject(tx, definition, namespace, name)?.object;
  if (!existing) ensure(plane, tx, object);
  else if (!holds(existing, object)) {
    putObject(tx, definition, { ...existing, spec: object['spec'], status: object['status'] });
  }
}

function holds(existing: KubeObject, wanted: KubeObject): boolean {
  return jsonEqual(existing['spec'], wanted['spec']) && jsonEqual(existing['status'], wanted['status']);
}

function definitionOf(plane: Plane, object: KubeObject): ResourceDefinition {
  const [group = '', version = ''] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  const definition = plane.resources.findKind(group, version, object.kind);
  if (!definition) throw new Error(`no built-in kind ${object.apiVersion} ${object.kind}`);
  return definition;
}

function namespaceObject(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

function roleObject(role: DefaultRole): KubeObject {
  const { name, labels, rules = [], aggregates } = role;
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: {
      name,
      labels: { ...BOOTSTRAPPED, ...labels },
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    },
    ...(aggregates === undefined
      ? {}
      : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregates]: 'true' } }] } }),
    rules,
  };
}

function bindingObject({ name, role, subjects }: DefaultBinding): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: { ...BOOTSTRAPPED } },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: subjects.map((subject) => {
      const colon = subject.indexOf(':');
      return { apiGroup: RBAC, kind: subject.slice(0, colon), name: subject.slice(colon + 1) };
    }),
  };
}

function serviceObject(port: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: '172.30.0.1',
      clusterIPs: ['172.30.0.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: Number(port) }],
    },
    status: { loadBalancer: {} },
  };
}
