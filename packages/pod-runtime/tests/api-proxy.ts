// As much of an API server as kubectl needs to find a pod; the stream paths are tunnelled to the kubelet raw.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pods, type TestNode } from './harness.ts';

const kubeletPaths: Record<string, string> = {
  exec: 'exec',
  attach: 'attach',
  portforward: 'portForward',
  log: 'containerLogs',
};
const renamed: Record<string, string> = { stdin: 'input', stdout: 'output', stderr: 'error' };

export async function startApiProxy(node: TestNode): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Duplex>();
  const answers: Record<string, object> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
    '/api/v1': {
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: [
        {
          name: 'pods',
          singularName: 'pod',
          namespaced: true,
          kind: 'Pod',
          verbs: ['get', 'list', 'create'],
          shortNames: ['po'],
        },
      ],
    },
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const name = /^\/api\/v1\/namespaces\/test\/pods\/([^/]+)$/.exec(path)?.[1];
    void (async () => {
      const body = name ? await node.cluster.find(pods, { namespace: 'test', name }) : answers[path];
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(body ? { apiVersion: 'v1', kind: 'Pod', ...body } : { kind: 'Status', code: 404 }),
      );
    })();
  });
  const tunnel = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const [, name, kind = ''] = /pods\/([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    const query = new URLSearchParams();
    for (const [key, value] of url.searchParams) query.append(renamed[key] ?? key, value);
    const container = kind === 'portforward' ? '' : `/${url.searchParams.get('container') ?? 'main'}`;
    const kubelet = await node.dial();
    kubelet.write(`${request.method} /${kubeletPaths[kind]}/test/${name}${container}?${query} HTTP/1.1\r\n`);
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      kubelet.write(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}\r\n`);
    kubelet.write('\r\n');
    kubelet.write(head);
    kubelet.pipe(socket).pipe(kubelet);
    sockets.add(socket);
    socket.on('error', () => kubelet.destroy());
    socket.on('close', () => kubelet.destroy());
  };
  server.on(
    'upgrade',
    (request: IncomingMessage, socket: Duplex, head: Buffer) => void tunnel(request, socket, head),
  );
  server.on('request', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
