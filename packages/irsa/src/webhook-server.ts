// The webhook as a server: TLS, the mutation path, health, and metrics on a port of their own.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Clock, Disposal, type Logger } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import { type AdmissionReview, parseReview, renderAllowed, renderRefused } from './admission-review.ts';
import { parseGoInt } from './go-values.ts';
import { IdentityDirectory } from './identity-directory.ts';
import type { KeyPair, KeyPairSource } from './key-pair.ts';
import { WebhookMetrics } from './metrics.ts';
import { mutatePod } from './mutate-pod.ts';
import type { WebhookSettings } from './settings.ts';

const bodyBytesMax = 16 * 1024 * 1024;
const shutdownGraceMs = 10_000;

export interface WebhookOptions {
  readonly client: KubeClient;
  /** A fixed key pair, or one that changes; the webhook does not dispose it. */
  readonly tls: KeyPair | KeyPairSource;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Where `/metrics` is served over plain HTTP; absent: nowhere. */
  readonly metricsPort?: number;
  readonly settings: WebhookSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PodIdentityWebhook extends AsyncDisposable {
  /** Of the mutation path: https://host:port/mutate */
  readonly url: string;
  readonly port: number;
  readonly metricsPort: number | undefined;
}

/** Serves the webhook. Resolves when all ServiceAccounts are known and the port answers. */
export async function startPodIdentityWebhook(options: WebhookOptions): Promise<PodIdentityWebhook> {
  const { client, settings, clock, logger, host } = options;
  const disposal = new Disposal();
  try {
    const directory = disposal.use(new IdentityDirectory({ client, settings, clock, logger }));
    await directory.synced;
    const metrics = new WebhookMetrics();
    const answer = createAnswer({ settings, clock, logger, directory, metrics });
    const port = await listen(httpsServer(options.tls, answer), {
      host,
      port: options.port,
      clock,
      disposal,
    });
    const metricsPort =
      options.metricsPort === undefined
        ? undefined
        : await listen(metricsServer(metrics, directory), {
            host,
            port: options.metricsPort,
            clock,
            disposal,
          });
    const authority = host.includes(':') ? `[${host}]` : host;
    return {
      url: `https://${authority}:${port}/mutate`,
      port,
      metricsPort,
      [Symbol.asyncDispose]: () => disposal.dispose(),
    };
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
}

interface AnswerContext extends Pick<WebhookOptions, 'settings' | 'clock' | 'logger'> {
  readonly directory: IdentityDirectory;
  readonly metrics: WebhookMetrics;
}

function createAnswer(context: AnswerContext): http.RequestListener {
  return (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0];
    if (path === '/healthz') response.end('ok');
    else if (path === '/mutate') {
      answerMutate(context, request, response).catch((error: unknown) => {
        context.logger.error(
          { error: error instanceof Error ? error.stack : String(error) },
          'a mutation failed',
        );
        response.writeHead(500).end('internal error\n');
      });
    } else {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
    }
  };
}

async function answerMutate(
  context: AnswerContext,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const startedMs = context.clock.monotonicMs();
  const { code, body, type } = await mutateAnswer(context, request);
  response.writeHead(code, { 'content-type': type }).end(body);
  const elapsedMs = context.clock.monotonicMs() - startedMs;
  context.metrics.observe(request.method ?? '', '/mutate', { code, elapsedMs });
}

async function mutateAnswer(context: AnswerContext, request: http.IncomingMessage) {
  const body = await readBody(request);
  if (body === undefined) return { code: 413, body: 'the request body is too large\n', type: 'text/plain' };
  if (request.headers['content-type'] !== 'application/json') {
    return {
      code: 415,
      body: 'Invalid Content-Type, expected `application/json`\n',
      type: 'text/plain; charset=utf-8',
    };
  }
  const review = parseReview(body);
  const type = 'application/json';
  if (!review.ok) {
    context.logger.warn({ because: review.error.message }, 'a request was no usable admission review');
    return { code: 200, body: renderRefused(review.error), type };
  }
  return { code: 200, body: await mutationFor(context, review.value), type };
}

async function mutationFor(context: AnswerContext, review: AdmissionReview): Promise<string> {
  const { settings, directory, metrics, logger } = context;
  const { pod, namespace } = review;
  const name = pod.spec.serviceAccountName ?? '';
  const grace =
    pod.metadata?.annotations?.[`${settings.annotationPrefix}/service-account-lookup-grace-period`];
  const wantedMs = (grace === undefined ? undefined : parseGoInt(grace)) ?? settings.lookupGraceMs;
  // The API server gives up after 10 s, so nobody would read a later answer.
  const graceMs = Math.min(wantedMs, 10_000);
  const identity = await directory.find({ namespace, name }, graceMs);
  if (!identity) metrics.accountMissing();
  const subject = { namespace, serviceAccount: name, pod: pod.metadata?.name || pod.metadata?.generateName };
  if (!identity?.roleArn) {
    logger.debug(subject, 'pod not changed: its ServiceAccount is unknown or names no role');
    return renderAllowed(review, undefined);
  }
  metrics.podMutated();
  logger.info({ ...subject, roleArn: identity.roleArn }, 'pod given its identity');
  return renderAllowed(review, mutatePod(pod, { identity, settings }));
}

/** The whole body as text; undefined when it is too large. */
async function readBody(request: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > bodyBytesMax) return undefined;
      chunks.push(chunk);
    }
  } catch {
    // The client has gone; what it sent is judged like any other body, and nobody reads the answer.
  }
  return Buffer.concat(chunks).toString('utf8');
}

function httpsServer(tls: KeyPair | KeyPairSource, answer: http.RequestListener): https.Server {
  if (!('current' in tls)) return https.createServer({ cert: tls.cert, key: tls.key }, answer);
  const server = https.createServer(tls.current(), answer);
  tls.onChange((pair) => server.setSecureContext(pair));
  return server;
}

function metricsServer(metrics: WebhookMetrics, directory: IdentityDirectory): http.Server {
  return http.createServer((request, response) => {
    if (request.url !== '/metrics') response.writeHead(404).end('404 page not found\n');
    else {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(metrics.render(directory.used));
    }
  });
}

interface Listening {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly disposal: Disposal;
}

/** Listens and registers a graceful end: what is under way has 10 s. */
async function listen(
  server: http.Server | https.Server,
  { host, port, clock, disposal }: Listening,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  disposal.defer(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    const deadline = clock.after(shutdownGraceMs, () => server.closeAllConnections());
    await closed;
    deadline.cancel();
  });
  return (server.address() as AddressInfo).port;
}
