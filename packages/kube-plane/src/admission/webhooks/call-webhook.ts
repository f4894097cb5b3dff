// One call of one webhook: found by URL or through its Service, over HTTPS with the configuration's CA, bounded in
// time.
import { type Clock, fail, ok, type Result } from '@pergola/kernel';
import type { ServiceReference, WebhookClientConfig } from './configuration.ts';
import type { WebhookConnections } from './connections.ts';
import { type Endpoint, post } from './post.ts';
import type { Address } from './service-endpoint.ts';

export interface CallContext {
  readonly clock: Clock;
  readonly connections: WebhookConnections;
  /** Where a Service answers; the failure is upstream's sentence. */
  readonly resolve: (service: ServiceReference) => Result<Address>;
}

/** Posts `body`; the failure is the sentence of what went wrong, as Go's client words it. */
export async function callWebhook(
  config: WebhookClientConfig,
  body: unknown,
  timeoutSeconds: number,
  context: CallContext,
): Promise<Result<unknown>> {
  const endpoint = endpointOf(config, timeoutSeconds, context.resolve);
  if (!endpoint.ok) return endpoint;
  const timeout = new AbortController();
  const timer = context.clock.after(timeoutSeconds * 1000, () => timeout.abort());
  try {
    const agent = context.connections.agentOf(config);
    const text = await post(endpoint.value, JSON.stringify(body), { agent, signal: timeout.signal });
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
  resolve: CallContext['resolve'],
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
  const target = resolve(config.service);
  if (!target.ok) return fail(`Post ${JSON.stringify(url)}: ${target.error}`);
  return ok({ ...target.value, path, serverName, url });
}
