// ServiceAccounts, roles and bindings that a ClusterServiceVersion's install strategy asks for.
import { apiVersionOf, type KubeResource, type ResourceType, resourceTypes } from '@pergola/kube-client';
import { templateHash } from '../workload/template-hash.ts';
import { csvSpecOf, nameOf, olmTypes, type StrategyPermission } from './kinds.ts';

/** An object to be made, and how it is addressed. */
export interface Wanted {
  readonly type: ResourceType;
  readonly object: KubeResource;
}

const { serviceaccounts, roles, rolebindings, clusterroles, clusterrolebindings } = resourceTypes;
const rbacGroup = 'rbac.authorization.k8s.io';

/** Labels by which OLM finds what belongs to a ClusterServiceVersion. */
export function ownerLabels(csv: KubeResource): Record<string, string> {
  return {
    'olm.owner': nameOf(csv),
    'olm.owner.kind': 'ClusterServiceVersion',
    'olm.owner.namespace': `${csv.metadata.namespace}`,
    'olm.managed': 'true',
  };
}

/** In the operator's own namespace the garbage collector takes what it owned. */
export function ownedBy(csv: KubeResource): KubeResource['metadata']['ownerReferences'] {
  const apiVersion = apiVersionOf(olmTypes.clusterServiceVersions);
  return [
    {
      apiVersion,
      kind: 'ClusterServiceVersion',
      name: nameOf(csv),
      uid: `${csv.metadata.uid}`,
      controller: false,
      blockOwnerDeletion: false,
    },
  ];
}

/** What the operator itself needs: its accounts, its rights in its namespace and in the cluster. */
export function ownRbac(csv: KubeResource): Wanted[] {
  const { permissions = [], clusterPermissions = [] } = csvSpecOf(csv).install?.spec ?? {};
  const namespace = `${csv.metadata.namespace}`;
  const names = [...permissions, ...clusterPermissions].map(({ serviceAccountName }) => serviceAccountName);
  const accounts = [...new Set(names)]
    .filter((name) => name !== 'default')
    .map((name) => ({
      type: serviceaccounts,
      object: {
        metadata: { name, namespace, labels: ownerLabels(csv), ownerReferences: ownedBy(csv) ?? [] },
      },
    }));
  return [
    ...accounts,
    ...permissions.flatMap((permission) => inNamespace(csv, permission, namespace)),
    ...clusterPermissions.flatMap((permission) => inCluster(csv, permission)),
  ];
}

/** The namespaced rights again in every other namespace that the operator looks after; '' means: in all. */
export function targetRbac(csv: KubeResource, targets: readonly string[]): Wanted[] {
  const { permissions = [] } = csvSpecOf(csv).install?.spec ?? {};
  if (targets.includes('')) return permissions.flatMap((permission) => inCluster(csv, permission));
  const others = targets.filter((target) => target !== csv.metadata.namespace);
  return others.flatMap((target) =>
    permissions.flatMap((permission) => inNamespace(csv, permission, target)),
  );
}

function inNamespace(csv: KubeResource, permission: StrategyPermission, namespace: string): Wanted[] {
  const name = roleName(csv, permission);
  const owners = namespace === csv.metadata.namespace ? { ownerReferences: ownedBy(csv) ?? [] } : {};
  const metadata = { name, namespace, labels: ownerLabels(csv), ...owners };
  return [
    { type: roles, object: { metadata, rules: permission.rules } },
    { type: rolebindings, object: { metadata, ...binding(csv, permission, 'Role', name) } },
  ];
}

function inCluster(csv: KubeResource, permission: StrategyPermission): Wanted[] {
  const name = roleName(csv, permission);
  const metadata = { name, labels: ownerLabels(csv) };
  return [
    { type: clusterroles, object: { metadata, rules: permission.rules } },
    { type: clusterrolebindings, object: { metadata, ...binding(csv, permission, 'ClusterRole', name) } },
  ];
}

function roleName(csv: KubeResource, permission: StrategyPermission): string {
  return `${nameOf(csv)}-${templateHash([csv.metadata.namespace, permission], undefined)}`;
}

function binding(csv: KubeResource, { serviceAccountName }: StrategyPermission, kind: string, role: string) {
  return {
    roleRef: { apiGroup: rbacGroup, kind, name: role },
    subjects: [{ kind: 'ServiceAccount', name: serviceAccountName, namespace: csv.metadata.namespace }],
  };
}
