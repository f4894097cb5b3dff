// Whether a CustomResourceDefinition is served.
import type { KubeResource } from '@pergola/kube-client';

export function isEstablished(crd: KubeResource): boolean {
  const conditions: readonly { type: string; status: string }[] = crd['status']?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
}
