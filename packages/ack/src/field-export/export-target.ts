// Where a FieldExport writes: one key of a ConfigMap or a Secret, which is made when it is absent.
import { hasCode, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';

export interface ExportTarget {
  readonly kind: 'configmap' | 'secret';
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** Returns whether anything had to be written. Throws KubeApiError. */
export async function writeTarget(client: KubeClient, target: ExportTarget, text: string): Promise<boolean> {
  const isSecret = target.kind === 'secret';
  const type = isSecret ? resourceTypes.secrets : resourceTypes.configmaps;
  const { namespace, name, key } = target;
  const value = isSecret ? Buffer.from(text, 'utf8').toString('base64') : text;
  const existing = await client.find(type, { namespace, name });
  if (existing?.['data']?.[key] === value) return false;
  const data = { [key]: value };
  if (existing === undefined) {
    const object: KubeResource = {
      metadata: { namespace, name },
      data,
      ...(isSecret ? { type: 'Opaque' } : {}),
    };
    try {
      await client.create(type, object);
      return true;
    } catch (error) {
      // Somebody else has made it since: then it only lacks the key.
      if (!hasCode(error, 409)) throw error;
    }
  }
  await client.patch(type, { namespace, name }, { kind: 'merge', body: { data } });
  return true;
}
