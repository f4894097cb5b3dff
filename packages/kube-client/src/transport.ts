// HTTP/1.1 to one API server: kept-alive connections, one answer at a time, bounded bodies.
// Node 20's fetch cannot be given a CA, hence node:https.
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { systemClock } from '@pergola/kernel';
import type { ClientOptions } from './client.ts';
import { statusError, transportError } from './status-error.ts';

const bodyBytesMax = 256 * 1024 * 1024;
const idleTimeoutMs = 60_000;
const retriesMax = 5;
const retryAfterSecondsMax = 30;

export interface Request {
  readonly method: string;
  /** Path with query, from the server's root. */
  readonly path: string;
  readonly body?: Buffer | undefined;
  readonly contentType?: string | undefined;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** A stream may be silent for long and is not counted against the pool of connections. */
  readonly streaming?: boolean;
}

/** Sends requests; `send` collects the answer, `open` hands over its stream. Both throw KubeApiError for status >= 400. */
export interface Transport {
  send(request: Request): Promise<{ readonly body: Buffer; readonly contentType: string }>;
  open(request: Request): Promise<http.IncomingMessage>;
  /** Headers that authenticate a request. */
  credentials(): Promise<Record<string, string>>;
  /** TLS settings, for connections made elsewhere (WebSockets). */
  readonly tls: https.AgentOptions;
  /** Ends all connections; requests under way fail. */
  close(): void;
}

/** A Transport to `options.server`. */
export function createTransport(options: ClientOptions): Transport {
  const server = new URL(options.server);
  const prefix = server.pathname.replace(/\/$/, '');
  const clock = options.clock ?? systemClock;
  const secure = server.protocol === 'https:';
  const tls = secure ? tlsOptions(options) : {};
  const makeAgent = (settings: https.AgentOptions) =>
    secure ? new https.Agent({ ...tls, ...settings }) : new http.Agent(settings);
  const pool = makeAgent({ keepAlive: true, maxSockets: 32, maxFreeSockets: 8 });
  const streams = makeAgent({ keepAlive: false });
  const open = new Set<http.ClientRequest>();

  const credentials = async (): Promise<Record<string, string>> => {
    const token = typeof options.token === 'function' ? await options.token() : options.token;
    return token ? { authorization: `Bearer ${token}` } : {};
  };

  const once = async (request: Request): Promise<http.IncomingMessage> => {
    request.signal?.throwIfAborted();
    const headers: http.OutgoingHttpHeaders = {
      accept: request.accept ?? 'application/json',
      'user-agent': options.userAgent,
      ...(await credentials()),
    };
    if (request.body) {
      headers['content-type'] = request.contentType ?? 'application/json';
      headers['content-length'] = request.body.length;
    }
    const client = (secure ? https : http).request({
      host: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port || (secure ? 443 : 80),
      method: request.method,
      path: prefix + request.path,
      agent: request.streaming ? streams : pool,
      headers,
      ...(request.streaming ? {} : { timeout: idleTimeoutMs }),
    });
    // A watch may be silent for minutes; TCP itself must notice a peer that is gone.
    if (request.streaming) client.setSocketKeepAlive(true, 30_000);
    open.add(client);
    client.once('close', () => open.delete(client));
    return answerOf(client, request);
  };

  const openAnswer = async (request: Request): Promise<http.IncomingMessage> => {
    for (let attempt = 0; ; attempt++) {
      const response = await once(request);
      const status = response.statusCode ?? 0;
      if (status < 400) return response;
      const body = await collect(response);
      const delayMs = retryDelayMs(status, response.headers['retry-after']);
      if (delayMs === undefined || attempt >= retriesMax) throw statusError(status, body);
      await clock.sleep(delayMs, request.signal);
    }
  };

  return {
    open: openAnswer,
    async send(request) {
      const response = await openAnswer(request);
      return { body: await collect(response), contentType: response.headers['content-type'] ?? '' };
    },
    credentials,
    tls,
    close() {
      for (const client of open) client.destroy(new Error('the client was closed'));
      pool.destroy();
      streams.destroy();
    },
  };
}

function tlsOptions(options: ClientOptions): https.AgentOptions {
  return {
    // Made once: reading the CA again for each connection would cost more than the handshake.
    secureContext: createSecureContext({
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...options.certificate,
    }),
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
    ...(options.insecure ? { rejectUnauthorized: false } : {}),
  };
}

// The server refused before acting (too many requests, starting up) and says when to come back.
function retryDelayMs(status: number, retryAfter: string | undefined): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const seconds = Number(retryAfter);
  if (!Number.isFinite(seconds) || retryAfter === undefined) return undefined;
  return Math.min(Math.max(seconds, 0), retryAfterSecondsMax) * 1000;
}

function answerOf(client: http.ClientRequest, request: Request): Promise<http.IncomingMessage> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const abort = () => client.destroy(new Error('aborted'));
    signal?.addEventListener('abort', abort, { once: true });
    client.once('close', () => signal?.removeEventListener('abort', abort));
    client.on('error', (error) => reject(signal?.aborted ? signal.reason : transportError(error)));
    client.once('timeout', () => client.destroy(new Error(`no answer within ${idleTimeoutMs} ms`)));
    client.once('response', resolve);
    client.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(transportError(new Error('unexpected protocol upgrade')));
    });
    client.end(request.body);
  });
}

async function collect(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > bodyBytesMax) throw new Error(`the answer is longer than ${bodyBytesMax} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw transportError(error);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, sizeBytes);
}
