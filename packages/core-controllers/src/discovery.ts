// Which resources the API server has, for controllers that must reach every object there is.
import type { KubeClient, ResourceType } from '@pergola/kube-client';

interface GroupList {
  readonly groups: readonly {
    readonly name: string;
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

/** Every resource that supports all of `verbs`, in its group's preferred version. Throws when any group cannot be read. */
export async function discoverResources(
  client: KubeClient,
  verbs: readonly string[],
): Promise<ResourceType[]> {
  const { groups } = (await client.raw('GET', '/apis')) as GroupList;
  const preferred = groups.map(({ name, preferredVersion }) => ({
    group: name,
    version: preferredVersion.version,
  }));
  const versions = [{ group: '', version: 'v1' }, ...preferred];
  const lists = await Promise.all(
    versions.map(async ({ group, version }) => {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const { resources = [] } = (await client.raw('GET', path)) as ResourceList;
      return resources
        .filter(({ name, verbs: has }) => !name.includes('/') && verbs.every((verb) => has.includes(verb)))
        .map(({ name, kind, namespaced }) => ({ group, version, plural: name, kind, namespaced }));
    }),
  );
  return lists.flat();
}
