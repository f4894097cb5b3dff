// What an InstallPlan makes for one bundle, in order: definitions first, so that the operator finds them.
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import type { LoadedBundle } from '../catalog.ts';
import { olmTypes } from '../kinds.ts';
import { ownRbac, type Wanted } from '../rbac.ts';

export function plannedCrds(bundle: LoadedBundle): Wanted[] {
  return bundle.crds.map((crd) => ({
    type: resourceTypes.customresourcedefinitions,
    object: crd as KubeResource,
  }));
}

/** The ClusterServiceVersion as it stands in the plan's namespace. */
export function plannedCsv(bundle: LoadedBundle, plan: KubeResource): Wanted {
  const csv = bundle.csv as KubeResource;
  const component = Object.entries(plan.metadata.labels ?? {}).filter(([name]) =>
    name.startsWith('operators.coreos.com/'),
  );
  const labels = { ...csv.metadata.labels, ...Object.fromEntries(component) };
  return {
    type: olmTypes.clusterServiceVersions,
    object: { ...csv, metadata: { ...csv.metadata, namespace: `${plan.metadata.namespace}`, labels } },
  };
}

/** Everything, as the plan lists it before any of it is made. */
export function plannedObjects(bundle: LoadedBundle, plan: KubeResource): Wanted[] {
  const csv = plannedCsv(bundle, plan);
  return [...plannedCrds(bundle), csv, ...ownRbac(csv.object)];
}
