// The Secrets, ConfigMaps and ServiceAccounts of the namespaces that have forwarders: watched from the first forwarder on,
// so that one that waits for a Secret sees it come.
import { resourceTypes } from '@pergola/kube-client';
import type { OperatorContext } from '../context.ts';
import type { SecretReader } from '../resolve/credentials.ts';
import { WatchedObjects } from './watched-objects.ts';

const { secrets, configmaps, serviceaccounts } = resourceTypes;

interface Entry {
  readonly secrets: WatchedObjects;
  readonly configMaps: WatchedObjects;
  readonly serviceAccounts: WatchedObjects;
}

/** Reading one namespace. */
export interface NamespaceView {
  readonly hasSecret: (name: string) => boolean;
  readonly readSecret: SecretReader;
  readonly hasConfigMap: (name: string) => boolean;
  readonly readConfigMap: SecretReader;
  readonly hasServiceAccount: (name: string) => boolean;
}

export class NamespaceObjects implements AsyncDisposable {
  readonly #context: OperatorContext;
  readonly #changed: (namespace: string) => void;
  readonly #entries = new Map<string, Entry>();

  /** `changed` is called with the namespace whose objects changed. */
  constructor(context: OperatorContext, changed: (namespace: string) => void) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Resolves when the namespace has been seen whole. */
  async view(namespace: string): Promise<NamespaceView> {
    const entry = this.#entryOf(namespace);
    await Promise.all([entry.secrets.synced, entry.configMaps.synced, entry.serviceAccounts.synced]);
    const secretOf = (name: string) => entry.secrets.get({ namespace, name });
    const configMapOf = (name: string) => entry.configMaps.get({ namespace, name });
    return {
      hasSecret: (name) => secretOf(name) !== undefined,
      readSecret: (name, key) => {
        const value: unknown = secretOf(name)?.['data']?.[key];
        return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
      },
      hasConfigMap: (name) => configMapOf(name) !== undefined,
      readConfigMap: (name, key) => configMapOf(name)?.['data']?.[key],
      hasServiceAccount: (name) => entry.serviceAccounts.get({ namespace, name }) !== undefined,
    };
  }

  /** Stops watching every namespace that is not in `used`. */
  async retain(used: ReadonlySet<string>): Promise<void> {
    const unused = [...this.#entries].filter(([namespace]) => !used.has(namespace));
    for (const [namespace] of unused) this.#entries.delete(namespace);
    await Promise.all(unused.map(([, entry]) => disposeAll(entry)));
  }

  #entryOf(namespace: string): Entry {
    const known = this.#entries.get(namespace);
    if (known) return known;
    const watch = (type: typeof secrets) =>
      new WatchedObjects(this.#context, type, { namespaces: [namespace] });
    const entry = {
      secrets: watch(secrets),
      configMaps: watch(configmaps),
      serviceAccounts: watch(serviceaccounts),
    };
    this.#entries.set(namespace, entry);
    entry.secrets.onChange(() => this.#changed(namespace));
    entry.serviceAccounts.onChange(() => this.#changed(namespace));
    return entry;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.retain(new Set());
  }
}

async function disposeAll(entry: Entry): Promise<void> {
  await Promise.all(Object.values(entry).map((each: WatchedObjects) => each[Symbol.asyncDispose]()));
}
