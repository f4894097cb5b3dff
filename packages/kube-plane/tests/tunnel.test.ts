import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  ADMIN_TOKEN,
  kubectlPath,
  runKubectl,
  startTestPlane,
  type TestPlane,
  USER_TOKEN,
} from './harness.ts';

let test: TestPlane;
let kubelet: Server;
const requests: IncomingMessage[] = [];

beforeAll(async () => {
  kubelet = createServer((request, response) => {
    requests.push(request);
    response.setHeader('Content-Type', 'text/plain');
    const refusal = Number(/refuse=(\d+)/.exec(request.url ?? '')?.[1]);
    if (refusal) {
      response.writeHead(refusal).end('previous terminated container "main" in pod "p" not found\n');
      return;
    }
    response.end('line one\nline two\n');
  });
  // Answers any upgrade and echoes what comes.
  kubelet.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    requests.push(request);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
    socket.write(head);
    socket.pipe(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
  const { port } = kubelet.address() as AddressInfo;
  test = await startTestPlane({ dialKubelet: async () => connect(port, '127.0.0.1') });
  await test.call('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const spec = { nodeName: 'n1', containers: [{ name: 'main', image: 'i' }] };
  await test.call('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec });
  const waiting = {
    containers: [
      { name: 'a', image: 'i' },
      { name: 'b', image: 'i' },
    ],
  };
  await test.call('POST', '/api/v1/namespaces/default/pods', {
    metadata: { name: 'waiting' },
    spec: waiting,
  });
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  kubelet.closeAllConnections();
  await new Promise((resolve) => kubelet.close(resolve));
});

const POD = '/api/v1/namespaces/default/pods/p';

it('streams logs of the only container', async () => {
  const { text, status } = await test.call('GET', `${POD}/log?tailLines=5&timestamps=true`);
  expect({ status, text }).toEqual({ status: 200, text: 'line one\nline two\n' });
  expect(requests.at(-1)?.url).toBe('/containerLogs/default/p/main?tailLines=5&timestamps=true');
  expect(requests.at(-1)?.headers.authorization).toBeUndefined();
});

it('says what is missing', async () => {
  const unassigned = await test.call('GET', '/api/v1/namespaces/default/pods/waiting/log?container=a');
  expect(unassigned.body.message).toBe('pod waiting does not have a host assigned');
  const wrong = await test.call('GET', `${POD}/log?container=zz`);
  expect(wrong.body.message).toBe('container zz is not valid for pod p');
  expect((await test.call('GET', '/api/v1/namespaces/default/pods/zz/log')).status).toBe(404);
  expect((await test.call('GET', `${POD}/exec?stdout=1`)).body.message).toBe(
    'you must specify at least 1 command for the container',
  );
  expect((await test.call('GET', `${POD}/exec?stdout=1&command=ls`)).status).toBe(400);
});

it('gives the words of a kubelet that refuses as a Status', async () => {
  const words = 'previous terminated container "main" in pod "p" not found';
  expect((await test.call('GET', `${POD}/log?refuse=400`)).body).toMatchObject({
    kind: 'Status',
    code: 400,
    reason: 'BadRequest',
    message: words,
  });
  expect((await test.call('GET', `${POD}/log?refuse=404`)).body).toMatchObject({ reason: 'NotFound' });
  expect((await test.call('GET', `${POD}/log?refuse=500`)).body).toMatchObject({
    code: 500,
    message: `Internal error occurred: ${words}`,
  });
});

/** Opens an upgrade by hand and returns the first bytes that come back. */
async function upgrade(path: string, token: string): Promise<string> {
  const { connect: tlsConnect } = await import('node:tls');
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ port: test.plane.port, host: '127.0.0.1', ca: test.ca });
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('HELLO') || /^HTTP\/1\.1 [45]/.test(text)) {
        socket.destroy();
        resolve(text);
      }
    });
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      'X-Stream-Protocol-Version: v4.channel.k8s.io',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\nHELLO`);
  });
}

it('tunnels upgrades byte for byte, and only for those who may', async () => {
  const text = await upgrade(
    `${POD}/exec?command=sh&command=-c&container=main&stdin=true&stdout=true`,
    ADMIN_TOKEN,
  );
  expect(text).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\nHELLO$/s);
  expect(requests.at(-1)?.url).toBe('/exec/default/p/main?input=1&output=1&command=sh&command=-c');
  expect(requests.at(-1)?.headers['x-stream-protocol-version']).toBe('v4.channel.k8s.io');
  expect(requests.at(-1)?.headers.authorization).toBeUndefined();
  expect(await upgrade(`${POD}/exec?command=sh&stdout=true`, USER_TOKEN)).toMatch(/^HTTP\/1\.1 403 /);
  expect(await upgrade(`${POD}/portforward`, ADMIN_TOKEN)).toContain('HELLO');
  expect(requests.at(-1)?.url).toBe('/portForward/default/p');
});

it('hands WebSocket handshakes through', async () => {
  const url = `${test.plane.url.replace('https', 'wss')}${POD}/attach?container=main&stdout=true`;
  const socket = new WebSocket(url, ['v5.channel.k8s.io'], {
    ca: test.ca,
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  // The stand-in kubelet answers for SPDY, which is no WebSocket handshake: the client must see its very answer.
  const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
  expect(error.message).toContain('Upgrade');
  expect(requests.at(-1)?.headers['sec-websocket-protocol']).toBe('v5.channel.k8s.io');
});

const kubectl = kubectlPath('1.33');
it.skipIf(!kubectl)('serves kubectl logs (skipped without kubectl)', async () => {
  const { stdout } = await runKubectl(kubectl ?? '', test, ['logs', 'p']);
  expect(stdout).toBe('line one\nline two\n');
});
