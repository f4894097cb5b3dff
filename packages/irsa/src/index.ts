// irsa: the pod identity webhook, and what makes an AWS account trust a cluster's tokens.
export { identitiesFromConfig, identityFromAnnotations, type PodIdentity } from './identity.ts';
export { type KeyPair, type KeyPairSource, watchKeyPairFiles } from './key-pair.ts';
export { mutatePod, type PodMutation } from './mutate-pod.ts';
export type { Container, EnvVar, JsonPatchOp, Pod } from './pod.ts';
export {
  type IssuerPublication,
  type JsonWebKey,
  type PublishedIssuer,
  publishIssuer,
} from './publish-issuer.ts';
export { type ProviderRegistration, type RegisteredProvider, registerProvider } from './register-provider.ts';
export { registerWebhook, webhookConfiguration, type WebhookRegistration } from './register-webhook.ts';
export { settingsFor, type Topology, type WebhookSettings } from './settings.ts';
export { type PodIdentityWebhook, startPodIdentityWebhook, type WebhookOptions } from './webhook-server.ts';
