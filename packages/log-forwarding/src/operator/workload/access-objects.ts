// What lets a forwarder's collectors do their work: roles and bindings.
import type { KubeResource } from '@pergola/kube-client';
import type { ForwarderIdentity } from '../../config/collector-config.ts';
import {
  type CollectorNames,
  forwarderAnnotation,
  forwarderMark,
  metadataReader,
  ownedLabels,
} from '../names.ts';
import { collectRule, type LogType, logTypes, metadataRule, type PolicyRule } from '../permissions.ts';
import { objectLabels } from './collector-labels.ts';

const rbac = 'rbac.authorization.k8s.io';
const apiVersion = `${rbac}/v1`;

export function serviceAccountObject({ namespace, serviceAccount }: CollectorNames): KubeResource {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: serviceAccount, namespace, labels: { ...ownedLabels } },
  };
}

/** Reports are ConfigMaps beside the forwarder; host paths need OpenShift's privileged constraints. */
export function collectorRole(names: CollectorNames): KubeResource {
  return {
    apiVersion,
    kind: 'Role',
    metadata: { name: names.role, namespace: names.namespace, labels: objectLabels(names) },
    rules: [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'update', 'patch'] },
      {
        apiGroups: ['security.openshift.io'],
        resources: ['securitycontextconstraints'],
        resourceNames: ['privileged'],
        verbs: ['use'],
      },
    ],
  };
}

export function collectorRoleBinding(names: CollectorNames): KubeResource {
  return {
    apiVersion,
    kind: 'RoleBinding',
    metadata: { name: names.role, namespace: names.namespace, labels: objectLabels(names) },
    roleRef: { apiGroup: rbac, kind: 'Role', name: names.role },
    subjects: [subjectOf(names)],
  };
}

/** Reading pods and namespaces, everywhere. */
export function metadataBinding(names: CollectorNames, forwarder: ForwarderIdentity): KubeResource {
  return clusterBinding(names.metadataBinding, { names, forwarder, role: metadataReader });
}

/** The legacy forwarder's right to collect, which nobody else gives it. One binding for each type of logs. */
export function collectBindings(names: CollectorNames, forwarder: ForwarderIdentity): KubeResource[] {
  return logTypes.map((type) =>
    clusterBinding(`${names.collectBinding}-${type}`, { names, forwarder, role: collectRoleName(type) }),
  );
}

export function collectRoleName(type: LogType): string {
  return `collect-${type}-logs`;
}

/** ClusterRoles that belong to no forwarder: administrators bind them to ServiceAccounts. */
export function sharedClusterRoles(): KubeResource[] {
  return [
    clusterRole(metadataReader, [metadataRule]),
    ...logTypes.map((type) => clusterRole(collectRoleName(type), [collectRule([type])])),
  ];
}

function clusterRole(name: string, rules: readonly PolicyRule[]): KubeResource {
  return { apiVersion, kind: 'ClusterRole', metadata: { name, labels: { ...ownedLabels } }, rules };
}

interface Binding {
  readonly names: CollectorNames;
  readonly forwarder: ForwarderIdentity;
  readonly role: string;
}

function clusterBinding(name: string, { names, forwarder, role }: Binding): KubeResource {
  const annotations = { [forwarderAnnotation]: forwarderMark(forwarder) };
  return {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: objectLabels(names), annotations },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [subjectOf(names)],
  };
}

function subjectOf({ serviceAccount, namespace }: CollectorNames): object {
  return { kind: 'ServiceAccount', name: serviceAccount, namespace };
}
