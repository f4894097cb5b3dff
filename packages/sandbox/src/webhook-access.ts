// What the pod identity webhook may read: as the cloud-credential-operator grants it on ROSA.
import { apiVersionOf, type KubeClient, type ResourceType, resourceTypes } from '@pergola/kube-client';

const name = 'pod-identity-webhook';
const namespace = 'openshift-cloud-credential-operator';

/** The user name under which the webhook calls the API server. */
export const webhookUser = `system:serviceaccount:${namespace}:${name}`;

/** Grants it; what is there already is made equal. */
export async function grantWebhookAccess(client: KubeClient): Promise<void> {
  await apply(client, resourceTypes.clusterroles, {
    rules: [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'list', 'watch'] }],
  });
  await apply(client, resourceTypes.clusterrolebindings, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
}

async function apply(client: KubeClient, type: ResourceType, content: object): Promise<void> {
  const body = { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { name }, ...content };
  await client.patch(
    type,
    { name },
    { kind: 'apply', body, fieldManager: 'cloud-credential-operator', force: true },
  );
}
