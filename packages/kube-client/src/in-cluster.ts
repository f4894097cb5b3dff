// The client of a program that runs in a pod: its ServiceAccount's token, re-read because the kubelet rotates it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Env, systemClock } from '@pergola/kernel';
import type { ClientOptions, KubeClient } from './client.ts';
import { KubeconfigError } from './kubeconfig.ts';
import { createKubeClient } from './rest-client.ts';

const defaultDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Names another directory, for nodes that cannot mount one at the default. */
const directoryVariable = 'KUBERNETES_SERVICE_ACCOUNT_DIR';
const tokenMaxAgeMs = 60_000;

/** A client by the environment and files that every pod has. Throws KubeconfigError outside of a pod. */
export async function clientInCluster(
  env: Env,
  options: Pick<ClientOptions, 'userAgent'> & Partial<ClientOptions>,
  directory = accountDirectory(env),
): Promise<KubeClient> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) {
    throw new KubeconfigError(
      'not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined',
    );
  }
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const ca = await readFile(join(directory, 'ca.crt'), 'utf8');
  const token = fileToken(join(directory, 'token'), options.clock ?? systemClock);
  return createKubeClient({ ...options, server, ca, token });
}

/** The namespace of the pod that this program runs in. */
export async function namespaceInCluster(env: Env): Promise<string> {
  return (await readFile(join(accountDirectory(env), 'namespace'), 'utf8')).trim();
}

function accountDirectory(env: Env): string {
  return env[directoryVariable] ?? defaultDirectory;
}

/** The token in a file, read again once it is a minute old. */
export function fileToken(path: string, clock: Clock): () => Promise<string> {
  let token = '';
  let readMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock.monotonicMs() - readMs >= tokenMaxAgeMs) {
      token = (await readFile(path, 'utf8')).trim();
      readMs = clock.monotonicMs();
    }
    return token;
  };
}
