// Server-side apply, as `kubectl apply --server-side` does it: done again, it changes nothing.
import { apiVersionOf, type KubeClient, type KubeResource, type ResourceType } from '@pergola/kube-client';

export async function apply(kube: KubeClient, type: ResourceType, object: KubeResource): Promise<void> {
  await kube.patch(
    type,
    { name: object.metadata.name, namespace: object.metadata.namespace },
    {
      kind: 'apply',
      body: { apiVersion: apiVersionOf(type), kind: type.kind, ...object },
      fieldManager: 'pergola-demo',
      force: true,
    },
  );
}
