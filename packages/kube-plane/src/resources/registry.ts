// Every kind that the plane serves: the built-in ones, and those of the CustomResourceDefinitions in the store.
import type { Entry, Store } from '@pergola/store';
import type { ResourceDefinition, Resources } from '../contract.ts';
import { customResources } from '../crd/custom-resources.ts';
import type { KubeObject } from '../object.ts';

const CRD_PREFIX = 'kube/apiextensions.k8s.io/customresourcedefinitions/';

/** Keeps itself current by a watch on the definitions; `stop` ends it. */
export function createRegistry(
  store: Store,
  builtins: readonly ResourceDefinition[],
): Resources & { readonly stop: () => void } {
  const custom = new Map<string, readonly ResourceDefinition[]>();
  for (const entry of store.list(CRD_PREFIX)) custom.set(entry.key, definitionsOf(entry));
  let index = indexOf(builtins, custom);
  let generation = 1;
  const stop = store.watch(CRD_PREFIX, store.revision(), (changes) => {
    for (const { key, entry } of changes) {
      if (entry) custom.set(key, definitionsOf(entry));
      else custom.delete(key);
    }
    index = indexOf(builtins, custom);
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

function definitionsOf(entry: Entry): readonly ResourceDefinition[] {
  return customResources(JSON.parse(entry.value) as KubeObject);
}

interface Index {
  readonly all: readonly ResourceDefinition[];
  readonly byPlural: ReadonlyMap<string, ResourceDefinition>;
  readonly byKind: ReadonlyMap<string, ResourceDefinition>;
}

function indexOf(
  builtins: readonly ResourceDefinition[],
  custom: ReadonlyMap<string, readonly ResourceDefinition[]>,
): Index {
  const all = [...builtins, ...[...custom.values()].flat()];
  const keyed = (field: 'plural' | 'kind') =>
    // The first of two wins: no custom kind takes a built-in name.
    new Map(all.toReversed().map((each) => [`${each.group}/${each.version}/${each[field]}`, each]));
  return { all, byPlural: keyed('plural'), byKind: keyed('kind') };
}
