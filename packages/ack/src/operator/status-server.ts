// What a kubelet and Prometheus ask of the operator: /healthz, /readyz, /metrics.
import { createServer, type ServerResponse } from 'node:http';
import type { Counters } from '../runtime/counters.ts';

export interface Health {
  isReady: boolean;
}

export interface StatusServerOptions {
  readonly port: number;
  readonly host: string;
  readonly counters: Counters;
  readonly health: Health;
}

export interface StatusServer extends AsyncDisposable {
  readonly url: string;
}

/** Rejects when the port is taken. */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const { port, host, counters, health } = options;
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/metrics') answer(response, 200, counters.text());
    else if (path === '/healthz') answer(response, 200, 'ok');
    else if (path === '/readyz')
      answer(response, health.isReady ? 200 : 503, health.isReady ? 'ok' : 'not ready');
    else answer(response, 404, 'not found');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  // It must not keep the process alive.
  server.unref();
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  const type = 'text/plain; version=0.0.4; charset=utf-8';
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text);
}
