// Health, readiness and metrics over plain HTTP, for probes and Prometheus.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StatusServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly isReady: () => boolean;
  readonly metrics: () => string;
}

export interface StatusServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts the server. Rejects when the port is taken. */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const server = http.createServer((request, response) => answer(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  // Neither a probe nor a scrape keeps the process alive.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  { isReady, metrics }: StatusServerOptions,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (path === '/metrics') {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics());
  } else if (path === '/healthz') response.end('ok\n');
  else if (path === '/readyz')
    response.writeHead(isReady() ? 200 : 503).end(isReady() ? 'ok\n' : 'not ready\n');
  else response.writeHead(404).end('404 page not found\n');
}
