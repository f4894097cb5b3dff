// Clients from a kubeconfig. The library that reads one costs 0.8 s to load, so only this file names it.
import type { RequestOptions } from 'node:https';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import type { ClientOptions, KubeClient } from './client.ts';
import { createKubeClient } from './rest-client.ts';

/** Thrown when a kubeconfig cannot be used, with a sentence that says why. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
}

type Identity = Pick<ClientOptions, 'userAgent'> & Partial<Omit<ClientOptions, 'server' | 'ca' | 'token'>>;

/** A client for `context` (default: the current one) of the kubeconfig at `path`. Credential plugins are run as kubectl runs them. */
export async function clientFromKubeconfig(
  path: string,
  context: string | undefined,
  options: Identity,
): Promise<KubeClient> {
  return createKubeClient({ ...options, ...(await readKubeconfig(path, context)) });
}

/** The connection that `context` of the kubeconfig at `path` describes. */
export async function readKubeconfig(
  path: string,
  context?: string,
): Promise<Omit<ClientOptions, 'userAgent'>> {
  const config = await loadConfig(path);
  if (context !== undefined) {
    if (!config.getContextObject(context)) {
      throw new KubeconfigError(`context "${context}" does not exist in ${path}`);
    }
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster)
    throw new KubeconfigError(`no context is chosen in ${path}: name one, or set current-context`);
  if (cluster.proxyUrl) throw new KubeconfigError(`proxy-url is not implemented (cluster "${cluster.name}")`);
  const user = config.getCurrentUser();
  if (user?.impersonateUser)
    throw new KubeconfigError(`impersonation is not implemented (user "${user.name}")`);
  if (user?.username) {
    throw new KubeconfigError('a user name and password is no way to log in to a Kubernetes API any more');
  }
  return connectionOf(config, cluster);
}

async function loadConfig(path: string): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch (error) {
    throw new KubeconfigError(`cannot read the kubeconfig ${path}: ${messageOf(error)}`, { cause: error });
  }
  return config;
}

async function connectionOf(config: KubeConfig, cluster: Cluster): Promise<Omit<ClientOptions, 'userAgent'>> {
  const tls: RequestOptions = {};
  await config.applyToHTTPSOptions(tls);
  return {
    server: cluster.server,
    token: tokenSource(config),
    ...(tls.ca ? { ca: String(tls.ca) } : {}),
    ...(tls.cert && tls.key ? { certificate: { cert: String(tls.cert), key: String(tls.key) } } : {}),
    ...(cluster.tlsServerName ? { serverName: cluster.tlsServerName } : {}),
    ...(cluster.skipTLSVerify ? { insecure: true } : {}),
  };
}

// Tokens of plugins and providers expire; the library renews them when asked again.
function tokenSource(config: KubeConfig): string | (() => Promise<string>) {
  const user = config.getCurrentUser();
  if (user?.token) return user.token;
  if (!user?.exec && !user?.authProvider) return '';
  return async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const headers = options.headers as Record<string, string> | undefined;
    return (headers?.['Authorization'] ?? '').replace(/^Bearer /, '');
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
