// Which of the types that we would watch the API server knows: a CustomResourceDefinition may be missing, or come later.
import { isRecord } from '@pergola/kernel';
import { hasCode, type KubeClient, type ResourceType } from '@pergola/kube-client';

/** Those of `types` that are served now. Rejects with KubeApiError when the server cannot be asked. */
export async function servedTypes<T extends ResourceType>(
  client: KubeClient,
  types: readonly T[],
): Promise<T[]> {
  const versions = [...new Set(types.map(({ group, version }) => `${group}/${version}`))];
  const known = new Set<string>();
  await Promise.all(
    versions.map(async (version) => {
      for (const plural of await pluralsOf(client, version)) known.add(`${version}/${plural}`);
    }),
  );
  return types.filter(({ group, version, plural }) => known.has(`${group}/${version}/${plural}`));
}

async function pluralsOf(client: KubeClient, version: string): Promise<string[]> {
  try {
    const list = await client.raw('GET', `/apis/${version}`);
    const resources = isRecord(list) && Array.isArray(list['resources']) ? list['resources'] : [];
    return resources.flatMap((resource: unknown) => (isRecord(resource) ? [String(resource['name'])] : []));
  } catch (error) {
    if (hasCode(error, 404)) return [];
    throw error;
  }
}
