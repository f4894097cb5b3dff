// Every kind that the plane serves: the built-in ones, and those of the CustomResourceDefinitions in the store.
import type { Store } from '@pergola/store';
import type { ResourceDefinition, Resources } from '../contract.ts';
import { customResources } from '../crd/custom-resources.ts';
import type { KubeObject } from '../object.ts';

const CRD_PREFIX = 'kube/apiextensions.k8s.io/customresourcedefinitions/';

/** Keeps itself current by a watch on the definitions; `stop` ends it. */
export function createRegistry(
  store: Store,
  builtins: readonly ResourceDefinition[],
): Resources & { readonly stop: () => void } {
  let index = indexOf(builtins, store);
  let generation = 1;
  const stop = store.watch(CRD_PREFIX, store.revision(), () => {
    index = indexOf(builtins, store);
    generation++;
  });
  return {
    stop,
    generation: () => generation,
    all: () => index.all,
    find: (group, version, plural) => index.byPlural.get(`${group}/${version}/${plural}`),
    findKind: (group, version, kind) => index.byKind.get(`${group}/${version}/${kind}`),
  };
}

interface Index {
  readonly all: readonly ResourceDefinition[];
  readonly byPlural: ReadonlyMap<string, ResourceDefinition>;
  readonly byKind: ReadonlyMap<string, ResourceDefinition>;
}

function indexOf(builtins: readonly ResourceDefinition[], store: Store): Index {
  const custom = store
    .list(CRD_PREFIX)
    .flatMap((entry) => customResources(JSON.parse(entry.value) as KubeObject));
  const all = [...builtins, ...custom];
  const keyed = (field: 'plural' | 'kind') =>
    // The first of two wins: no custom kind takes a built-in name.
    new Map(all.toReversed().map((each) => [`${each.group}/${each.version}/${each[field]}`, each]));
  return { all, byPlural: keyed('plural'), byKind: keyed('kind') };
}
