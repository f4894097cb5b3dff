// Tells the API server to call the webhook, in the words that each topology uses.
import { isRecord } from '@pergola/kernel';
import { hasCode, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import type { Topology } from './settings.ts';

const { mutatingwebhookconfigurations } = resourceTypes;

export interface WebhookRegistration {
  readonly topology: Topology;
  /** https://…/mutate */
  readonly url: string;
  /** PEM of the CA of the webhook's certificate. */
  readonly caBundle: string;
}

/**
 * The MutatingWebhookConfiguration as the cloud-credential-operator (classic) or HyperShift (hcp) makes it, but
 * with the given address.
 */
export function webhookConfiguration({ topology, url, caBundle }: WebhookRegistration): KubeResource {
  const classic = topology === 'classic';
  const webhook = {
    name: classic ? 'pod-identity-webhook.aws.mutate.io' : 'pod-identity-webhook.amazonaws.com',
    admissionReviewVersions: ['v1beta1'],
    failurePolicy: 'Ignore',
    sideEffects: 'None',
    clientConfig: { url, caBundle: Buffer.from(caBundle).toString('base64') },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
  };
  // Classic spares the namespaces that must start before the webhook can.
  const runLevel = {
    namespaceSelector: {
      matchExpressions: [{ key: 'openshift.io/run-level', operator: 'NotIn', values: ['0'] }],
    },
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: classic ? 'pod-identity-webhook' : 'aws-pod-identity' },
    webhooks: [classic ? { ...webhook, ...runLevel } : webhook],
  };
}

/** Creates the configuration, or brings an existing one up to date. Returns what the cluster has then. */
export async function registerWebhook(
  client: KubeClient,
  registration: WebhookRegistration,
): Promise<KubeResource> {
  const wanted = webhookConfiguration(registration);
  try {
    return await client.create(mutatingwebhookconfigurations, wanted);
  } catch (error) {
    if (!hasCode(error, 409)) throw error;
  }
  const existing = await client.get(mutatingwebhookconfigurations, { name: wanted.metadata.name });
  if (covers(existing.webhooks, wanted.webhooks)) return existing;
  return client.update(mutatingwebhookconfigurations, { ...existing, webhooks: wanted.webhooks });
}

/** True when `have` holds all that `want` says; the server adds defaults of its own. */
function covers(have: unknown, want: unknown): boolean {
  if (Array.isArray(want)) {
    return (
      Array.isArray(have) && have.length === want.length && want.every((item, i) => covers(have[i], item))
    );
  }
  if (!isRecord(want)) return have === want;
  return isRecord(have) && Object.entries(want).every(([key, value]) => covers(have[key], value));
}
