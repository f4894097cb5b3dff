// Which resources the API server has, for controllers that must reach every object there is.
import type { KubeClient, ResourceType } from '@pergola/kube-client';

interface GroupList {
  readonly groups: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
    readonly preferredVersion: { readonly version: string };
  }[];
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

/**
 * Every resource that supports all of `verbs`, once: in its group's preferred version, or in the first other one that has
 * it. Throws when any group cannot be read.
 */
export async function discoverResources(
  client: KubeClient,
  verbs: readonly string[],
): Promise<ResourceType[]> {
  const { groups } = (await client.raw('GET', '/apis')) as GroupList;
  const versions = groups.flatMap(({ name: group, versions: served, preferredVersion }) => {
    const others = served.filter(({ version }) => version !== preferredVersion.version);
    return [preferredVersion, ...others].map(({ version }) => ({ group, version }));
  });
  const lists = await Promise.all(
    [{ group: '', version: 'v1' }, ...versions].map(async ({ group, version }) => {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const { resources = [] } = (await client.raw('GET', path)) as ResourceList;
      return resources
        .filter(({ name, verbs: has }) => !name.includes('/') && verbs.every((verb) => has.includes(verb)))
        .map(({ name, kind, namespaced }) => ({ group, version, plural: name, kind, namespaced }));
    }),
  );
  const found = new Map<string, ResourceType>();
  for (const type of lists.flat()) {
    const name = `${type.plural}.${type.group}`;
    if (!found.has(name)) found.set(name, type);
  }
  return [...found.values()];
}
