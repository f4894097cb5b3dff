// The identities of all ServiceAccounts, kept current by watching the cluster.
import type { Clock, Logger } from '@pergola/kernel';
import {
  createInformer,
  type Informer,
  type KubeClient,
  type KubeResource,
  type ObjectRef,
  resourceTypes,
} from '@pergola/kube-client';
import {
  identitiesFromConfig,
  identityFromAnnotations,
  looksLikeRoleArn,
  type PodIdentity,
} from './identity.ts';
import type { WebhookSettings } from './settings.ts';

const configMapName = 'pod-identity-webhook';
const directLookupsPerSecond = 10;
const directLookupsBurst = 20;
const waitersMax = 1_000;

export interface DirectoryOptions {
  readonly client: KubeClient;
  readonly settings: WebhookSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

type ServiceAccountRef = ObjectRef & { readonly namespace: string };

/** Answers which identity a ServiceAccount has. */
export class IdentityDirectory implements AsyncDisposable {
  /** Resolves when all that existed at the start is known. */
  readonly synced: Promise<void>;
  /** True once any ServiceAccount has named a role. */
  used = false;
  readonly #options: DirectoryOptions;
  readonly #accounts: Informer;
  readonly #configMaps: Informer | undefined;
  readonly #waiters = new Map<string, Set<() => void>>();
  #configured: ReadonlyMap<string, PodIdentity> = new Map();
  #lookups = directLookupsBurst;
  #refilledMs: number;

  constructor(options: DirectoryOptions) {
    const { client, settings, clock, logger } = options;
    this.#options = options;
    this.#refilledMs = clock.monotonicMs();
    this.#accounts = createInformer(client, resourceTypes.serviceaccounts, {
      clock,
      logger,
      transform: (account) => onlyAnnotations(account, `${settings.annotationPrefix}/`),
    });
    this.#accounts.onAdd((account) => this.#learned(account));
    this.#accounts.onUpdate((_before, account) => this.#learned(account));
    this.#configMaps = this.#watchConfigMap();
    this.synced = Promise.all([this.#accounts.synced, this.#configMaps?.synced]).then(() => undefined);
    // Whoever starts the webhook waits for it; when that one gave up there is nobody to tell.
    this.synced.catch(() => {});
  }

  /**
   * The identity of a ServiceAccount: its own annotation, else the ConfigMap's entry for it or for `*` of its name.
   * An identity without a role means that the account is known and has none; undefined that it is not known, even
   * after `graceMs`.
   */
  async find(ref: ServiceAccountRef, graceMs: number): Promise<PodIdentity | undefined> {
    const known = this.#known(ref);
    if (known || graceMs <= 0) return known;
    return (await this.#wait(ref, graceMs)) ?? this.#known(ref);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#accounts[Symbol.asyncDispose](), this.#configMaps?.[Symbol.asyncDispose]()]);
  }

  #known(ref: ServiceAccountRef): PodIdentity | undefined {
    const account = this.#accounts.get(ref);
    const own = account && identityFromAnnotations(account.metadata.annotations, this.#options.settings);
    if (own?.roleArn) return own;
    return this.#configured.get(keyOf(ref)) ?? this.#configured.get(`*/${ref.name}`) ?? own;
  }

  #learned(account: KubeResource): void {
    const { settings, logger } = this.#options;
    const { name, namespace = '' } = account.metadata;
    const { roleArn } = identityFromAnnotations(account.metadata.annotations, settings);
    if (roleArn) {
      this.used = true;
      if (!looksLikeRoleArn(roleArn)) logger.warn({ namespace, name, roleArn }, 'arn is invalid');
    }
    for (const wake of this.#waiters.get(keyOf({ namespace, name })) ?? []) wake();
  }

  /** Waits until the watch tells of the account, a direct look-up finds it (its identity is the result), or `graceMs` are over. */
  #wait(ref: ServiceAccountRef, graceMs: number): Promise<PodIdentity | undefined> {
    const key = keyOf(ref);
    const waiters = this.#waiters.get(key) ?? new Set();
    if (this.#waiters.size >= waitersMax || waiters.size >= waitersMax) return Promise.resolve(undefined);
    this.#waiters.set(key, waiters);
    return new Promise((resolve) => {
      const finish = (identity: PodIdentity | undefined) => {
        timer.cancel();
        waiters.delete(wake);
        if (waiters.size === 0) this.#waiters.delete(key);
        resolve(identity);
      };
      const wake = () => finish(undefined);
      const timer = this.#options.clock.after(graceMs, wake);
      waiters.add(wake);
      void this.#askDirectly(ref).then((identity) => identity && finish(identity));
    });
  }

  /** The watch may lag behind the pod that is being created; the server itself does not. */
  async #askDirectly(ref: ServiceAccountRef): Promise<PodIdentity | undefined> {
    const { client, settings, logger } = this.#options;
    if (!this.#takeLookup()) return undefined;
    try {
      const account = await client.find(resourceTypes.serviceaccounts, ref);
      return account && identityFromAnnotations(account.metadata.annotations, settings);
    } catch (error) {
      logger.warn({ ...ref, because: String(error) }, 'could not look up the ServiceAccount');
      return undefined;
    }
  }

  #takeLookup(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const refill = ((nowMs - this.#refilledMs) / 1000) * directLookupsPerSecond;
    this.#refilledMs = nowMs;
    this.#lookups = Math.min(directLookupsBurst, this.#lookups + refill);
    if (this.#lookups < 1) return false;
    this.#lookups--;
    return true;
  }

  #watchConfigMap(): Informer | undefined {
    const { client, settings, clock, logger } = this.#options;
    if (settings.configMapNamespace === undefined) return undefined;
    const informer = createInformer(client, resourceTypes.configmaps, {
      namespace: settings.configMapNamespace,
      fieldSelector: `metadata.name=${configMapName}`,
      clock,
      logger,
    });
    const read = (configMap: KubeResource) => {
      try {
        this.#configured = identitiesFromConfig(configMap.data?.config ?? '', settings);
      } catch (error) {
        // The last good entries stay in force, as in the original.
        logger.error({ because: String(error) }, `cannot read the ConfigMap ${configMapName}`);
      }
    };
    informer.onAdd(read);
    informer.onUpdate((_before, after) => read(after));
    return informer;
  }
}

function keyOf(ref: ServiceAccountRef): string {
  return `${ref.namespace}/${ref.name}`;
}

/** Keeps of a ServiceAccount what the webhook reads: clusters have many. */
function onlyAnnotations(account: KubeResource, prefix: string): KubeResource {
  const { name, namespace, resourceVersion, annotations = {} } = account.metadata;
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith(prefix)));
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      annotations: kept,
    },
  };
}
