// The cluster that KUBECONFIG names, as far as oc's own commands need it.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { type Env, isRecord } from '@pergola/kernel';
import { parse } from 'yaml';

export class OcError extends Error {
  override readonly name: string = 'OcError';
}

/** The server's refusal, which oc prints without a word of its own before it. */
export class ServerError extends OcError {
  override readonly name = 'ServerError';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(`Error from server (${reason}): ${message}`);
    this.reason = reason;
  }
}

interface Kubeconfig {
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data'?: string } }[];
  users: { name: string; user: { token?: string } }[];
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  'current-context': string;
}

export interface Cluster {
  readonly server: string;
  readonly token: string;
  readonly namespace: string;
  /** JSON in, JSON out. Throws OcError with the server's message. */
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>>;
  /** Makes `namespace` the current one in the kubeconfig file. */
  use(namespace: string): void;
}

/** Reads the first file of KUBECONFIG. */
export function openCluster(env: Env): Cluster {
  const path = (env['KUBECONFIG'] ?? `${env['HOME'] ?? ''}/.kube/config`).split(':')[0] ?? '';
  const config = parse(readFileSync(path, 'utf8')) as Kubeconfig;
  const current = config.contexts.find(({ name }) => name === config['current-context']);
  const cluster = config.clusters.find(({ name }) => name === current?.context.cluster)?.cluster;
  const token = config.users.find(({ name }) => name === current?.context.user)?.user.token;
  if (!current || !cluster || token === undefined)
    throw new OcError(`${path} has no current context with a token`);
  const ca = Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64').toString('utf8');
  return {
    server: cluster.server,
    token,
    namespace: current.context.namespace ?? 'default',
    call: (method, apiPath, body) => callApi({ url: `${cluster.server}${apiPath}`, ca, token }, method, body),
    use: (namespace) => {
      current.context.namespace = namespace;
      writeFileSync(`${path}.new`, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

function callApi(
  target: { readonly url: string; readonly ca: string; readonly token: string },
  method: string,
  body: object | undefined,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${target.token}`, 'content-type': 'application/json' };
    const outgoing = request(
      target.url,
      { method, headers, ...(target.ca ? { ca: target.ca } : {}) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
          if (!isRecord(answer)) reject(new OcError(`${target.url} did not answer with an object`));
          else if ((response.statusCode ?? 500) < 400) resolve(answer);
          else reject(new ServerError(String(answer['reason']), String(answer['message'])));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body ? JSON.stringify(body) : undefined);
  });
}
