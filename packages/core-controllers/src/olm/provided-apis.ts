// Rights on the kinds that an operator brings: they become parts of the cluster's own roles admin, edit and view, so that
// whoever has those in a namespace may use what was installed.
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { csvSpecOf, type OwnedCrd } from './kinds.ts';
import { ownerLabels, type Wanted } from './rbac.ts';

const verbsOf = {
  admin: ['*'],
  edit: ['create', 'update', 'patch', 'delete'],
  view: ['get', 'list', 'watch'],
} as const;

/** Four ClusterRoles for each definition, under OLM's names: `roses.garden.io-v1-admin`, …`-edit`, …`-view`, …`-crdview`. */
export function providedRbac(csv: KubeResource): Wanted[] {
  const { owned = [] } = csvSpecOf(csv).customresourcedefinitions ?? {};
  return owned.flatMap((crd) => [
    ...Object.entries(verbsOf).map(([role, verbs]) => {
      const [resource = '', ...group] = crd.name.split('.');
      return roleFor(csv, crd, { suffix: role, feeds: role }, [
        { apiGroups: [group.join('.')], resources: [resource], verbs },
      ]);
    }),
    roleFor(csv, crd, { suffix: 'crdview', feeds: 'view' }, [
      {
        apiGroups: ['apiextensions.k8s.io'],
        resources: ['customresourcedefinitions'],
        resourceNames: [crd.name],
        verbs: ['get'],
      },
    ]),
  ]);
}

function roleFor(
  csv: KubeResource,
  { name, version }: OwnedCrd,
  { suffix, feeds }: { readonly suffix: string; readonly feeds: string },
  rules: readonly object[],
): Wanted {
  const labels = { ...ownerLabels(csv), [`rbac.authorization.k8s.io/aggregate-to-${feeds}`]: 'true' };
  return {
    type: resourceTypes.clusterroles,
    object: { metadata: { name: `${name}-${version}-${suffix}`, labels }, rules },
  };
}
