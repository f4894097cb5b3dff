// One call of one webhook: HTTPS with the configuration's CA, bounded in time and size.
import { request as httpsRequest } from 'node:https';
import type { Clock } from '@pergola/kernel';
import { fail, ok, type Result } from '@pergola/kernel';
import type { WebhookClientConfig } from './configuration.ts';

const ANSWER_BYTES_MAX = 3 * 1024 * 1024;

/** Where a Service answers on this machine; undefined when it has no endpoint. */
export type ResolveService = (
  namespace: string,
  name: string,
  port: number,
) => { readonly host: string; readonly port: number } | undefined;

export interface CallContext {
  readonly clock: Clock;
  readonly resolveService: ResolveService | undefined;
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Name that the certificate must carry. */
  readonly serverName: string;
  /** As error messages show it. */
  readonly url: string;
}

/** Posts `body`; the failure is the sentence of what went wrong, as Go's client words it. */
export async function callWebhook(
  config: WebhookClientConfig,
  body: unknown,
  timeoutSeconds: number,
  context: CallContext,
): Promise<Result<unknown>> {
  const endpoint = endpointOf(config, timeoutSeconds, context.resolveService);
  if (!endpoint.ok) return endpoint;
  const timeout = new AbortController();
  const timer = context.clock.after(timeoutSeconds * 1000, () => timeout.abort());
  try {
    const text = await post(endpoint.value, config.caBundle, JSON.stringify(body), timeout.signal);
    return ok(JSON.parse(text));
  } catch (error) {
    const why = timeout.signal.aborted ? 'context deadline exceeded' : (error as Error).message;
    return fail(`Post ${JSON.stringify(endpoint.value.url)}: ${why}`);
  } finally {
    timer.cancel();
  }
}

function endpointOf(
  config: WebhookClientConfig,
  timeoutSeconds: number,
  resolve: ResolveService | undefined,
): Result<Endpoint> {
  const withTimeout = (path: string) => `${path}${path.includes('?') ? '&' : '?'}timeout=${timeoutSeconds}s`;
  if (config.url !== undefined) {
    const url = new URL(config.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const path = withTimeout(`${url.pathname}${url.search}`);
    const port = Number(url.port || 443);
    return ok({ host, port, path, serverName: host, url: `${url.origin}${path}` });
  }
  if (!config.service) return fail('the configuration names neither url nor service');
  const { namespace, name, port = 443 } = config.service;
  const serverName = `${name}.${namespace}.svc`;
  const path = withTimeout(config.service.path ?? '/');
  const url = `https://${serverName}:${port}${path}`;
  const target = resolve?.(namespace, name, port);
  if (!target)
    return fail(`Post ${JSON.stringify(url)}: no endpoints available for service ${JSON.stringify(name)}`);
  return ok({ host: target.host, port: target.port, path, serverName, url });
}

function post(
  endpoint: Endpoint,
  caBundle: string | undefined,
  body: string,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const isAddress = /^[\d.]+$|:/.test(endpoint.serverName);
    const outgoing = httpsRequest({
      host: endpoint.host,
      port: endpoint.port,
      path: endpoint.path,
      method: 'POST',
      signal,
      ...(isAddress ? {} : { servername: endpoint.serverName }),
      ...(caBundle ? { ca: Buffer.from(caBundle, 'base64') } : {}),
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'Content-Length': Buffer.byteLength(body),
        Host: `${endpoint.serverName}:${endpoint.port}`,
        'User-Agent': 'kube-apiserver-admission',
      },
      // A connection of its own: configurations differ in trust, and calls are few.
      agent: false,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > ANSWER_BYTES_MAX) outgoing.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(text);
        else
          reject(
            new Error(
              `an error on the server (${JSON.stringify(text.slice(0, 200))}) has prevented the request from succeeding`,
            ),
          );
      });
    });
    outgoing.end(body);
  });
}
