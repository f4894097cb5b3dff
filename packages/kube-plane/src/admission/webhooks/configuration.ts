// Webhook configurations as the dispatcher reads them: in the order in which they are called.
import type { Store } from '@pergola/store';
import type { KubeObject } from '../../object.ts';

export interface WebhookRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly path?: string;
  readonly port?: number;
}

export interface WebhookClientConfig {
  readonly url?: string;
  readonly caBundle?: string;
  readonly service?: ServiceReference;
}

export interface Webhook {
  readonly name: string;
  readonly clientConfig: WebhookClientConfig;
  readonly rules?: readonly WebhookRule[];
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly matchPolicy?: 'Exact' | 'Equivalent';
  readonly namespaceSelector?: unknown;
  readonly objectSelector?: unknown;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions: readonly string[];
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded';
}

export type WebhookKind = 'mutating' | 'validating';

export interface WebhookSource {
  /** All webhooks of the kind: configurations by name, inside one in list order. */
  list(kind: WebhookKind): readonly Webhook[];
  stop(): void;
}

const PREFIX = 'kube/admissionregistration.k8s.io/';

/** Kept parsed in memory, renewed when a configuration changes, which `onChange` is told of. */
export function createWebhookSource(store: Store, onChange: () => void): WebhookSource {
  const cache = new Map<WebhookKind, readonly Webhook[]>();
  const stop = store.watch(PREFIX, store.revision(), () => {
    cache.clear();
    onChange();
  });
  return {
    stop,
    list(kind) {
      const known = cache.get(kind);
      if (known) return known;
      const webhooks = store
        .list(`${PREFIX}${kind}webhookconfigurations/`)
        .flatMap((entry) => ((JSON.parse(entry.value) as KubeObject)['webhooks'] ?? []) as Webhook[]);
      cache.set(kind, webhooks);
      return webhooks;
    },
  };
}
