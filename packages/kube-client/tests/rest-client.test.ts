// The client's wire behaviour against a server on 127.0.0.1.
import { once } from 'node:events';
import { fakeClock } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { createKubeClient, KubeApiError, resourceTypes } from '../src/index.ts';
import { sendJson, startFakeApiServer } from './fake-api-server.ts';

const { configmaps, pods } = resourceTypes;
const userAgent = 'pergola-test/1';

function clientOf(server: string, extra: object = {}) {
  return createKubeClient({ server, userAgent, token: 'secret', ...extra });
}

test('requests carry the token, the agent and the right paths and types', async () => {
  await using server = await startFakeApiServer((_request, response) => sendJson(response, 200, { ok: 1 }));
  await using client = clientOf(server.url);
  const ref = { namespace: 'a', name: 'b' };
  await client.get(configmaps, ref);
  await client.create(configmaps, { metadata: ref, data: { é: 'ü' } });
  await client.update(pods, { metadata: ref }, 'status');
  for (const kind of ['json', 'merge', 'strategic', 'apply'] as const) {
    await client.patch(configmaps, ref, { kind, body: {}, force: kind === 'apply' });
  }
  await client.delete(pods, ref, { gracePeriodSeconds: 0, uid: 'u1' });
  expect(
    server.received.map((r) => `${r.method} ${r.path}?${r.query} ${r.headers['content-type'] ?? '-'}`),
  ).toEqual([
    'GET /api/v1/namespaces/a/configmaps/b? -',
    'POST /api/v1/namespaces/a/configmaps? application/json',
    'PUT /api/v1/namespaces/a/pods/b/status? application/json',
    'PATCH /api/v1/namespaces/a/configmaps/b? application/json-patch+json',
    'PATCH /api/v1/namespaces/a/configmaps/b? application/merge-patch+json',
    'PATCH /api/v1/namespaces/a/configmaps/b? application/strategic-merge-patch+json',
    'PATCH /api/v1/namespaces/a/configmaps/b?fieldManager=pergola-test&force=true application/apply-patch+yaml',
    'DELETE /api/v1/namespaces/a/pods/b? application/json',
  ]);
  expect(server.received[0]?.headers).toMatchObject({
    authorization: 'Bearer secret',
    'user-agent': userAgent,
  });
  expect(JSON.parse(server.received[1]?.body ?? '').data).toEqual({ é: 'ü' });
  expect(JSON.parse(server.received[7]?.body ?? '')).toEqual({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds: 0,
    preconditions: { uid: 'u1' },
  });
});

test('a list follows its pages and names the type of its items', async () => {
  await using server = await startFakeApiServer((request, response) => {
    const last = request.query.get('continue') === 'next';
    sendJson(response, 200, {
      apiVersion: 'v1',
      kind: 'PodList',
      metadata: { resourceVersion: '9', ...(last ? {} : { continue: 'next' }) },
      items: [{ metadata: { name: last ? 'two' : 'one' } }],
    });
  });
  await using client = clientOf(server.url);
  const list = await client.list(pods, { labelSelector: 'a in (b,c)' });
  expect(list.items.map((item) => [item.kind, item.metadata.name])).toEqual([
    ['Pod', 'one'],
    ['Pod', 'two'],
  ]);
  expect(list.metadata).toEqual({ resourceVersion: '9' });
  expect(server.received[1]?.query.get('labelSelector')).toBe('a in (b,c)');
});

test('a Status becomes an error with its code, reason and message; other text stays text', async () => {
  await using server = await startFakeApiServer((request, response) => {
    if (request.path.endsWith('/plain')) response.writeHead(502).end('bad gateway\n');
    else {
      sendJson(response, 404, {
        kind: 'Status',
        code: 404,
        reason: 'NotFound',
        message: 'pods "b" not found',
        details: { name: 'b', kind: 'pods' },
      });
    }
  });
  await using client = clientOf(server.url);
  await expect(client.get(pods, { namespace: 'a', name: 'b' })).rejects.toMatchObject({
    name: 'KubeApiError',
    code: 404,
    reason: 'NotFound',
    message: 'pods "b" not found',
    details: { name: 'b', kind: 'pods' },
  });
  expect(await client.find(pods, { namespace: 'a', name: 'b' })).toBeUndefined();
  await expect(client.find(pods, { namespace: 'a', name: 'plain' })).rejects.toMatchObject({
    code: 502,
    message: 'bad gateway',
  });
});

test('no server is a KubeApiError with code 0 that says why', async () => {
  await using client = clientOf('http://127.0.0.1:1');
  const failure = await client.get(pods, { namespace: 'a', name: 'b' }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(KubeApiError);
  expect(failure).toMatchObject({ code: 0, reason: 'TransportFailure' });
  expect(String(failure)).toContain('ECONNREFUSED');
});

test('an answer of 429 with Retry-After is waited for by the clock', async () => {
  let refusals = 0;
  const clock = fakeClock();
  await using server = await startFakeApiServer((_request, response) => {
    if (refusals++ > 0) return sendJson(response, 200, { metadata: { name: 'b' } });
    response.writeHead(429, { 'retry-after': '7' }).end();
    return undefined;
  });
  await using client = clientOf(server.url, { clock });
  const got = client.get(pods, { namespace: 'a', name: 'b' });
  // Time stands still for the client but for these steps; each lets the sockets work once.
  for (let i = 0; i < 1_000 && server.received.length < 2; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (refusals === 1) clock.advance(100);
  }
  await got;
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(7_000);
});

test('a watch yields events as they come and ends with its signal', async () => {
  let closed: Promise<unknown> | undefined;
  await using server = await startFakeApiServer((_request, response) => {
    closed = once(response, 'close');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"type":"ADDED","object":{"metadata":{"name":"one"}}}\n');
  });
  await using client = clientOf(server.url);
  const abort = new AbortController();
  const names: string[] = [];
  const watching = (async () => {
    for await (const event of client.watch(pods, { resourceVersion: '5' }, abort.signal)) {
      names.push(event.object.metadata.name);
      abort.abort(new Error('seen enough'));
    }
  })();
  await expect(watching).rejects.toThrow('seen enough');
  expect(names).toEqual(['one']);
  await closed;
  expect(server.received[0]?.query.get('watch')).toBe('true');
  expect(Number(server.received[0]?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
});

test('closing the client ends what is under way', async () => {
  await using server = await startFakeApiServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"type":"BOOK');
  });
  const client = clientOf(server.url);
  const watching = (async () => {
    for await (const event of client.watch(pods, { resourceVersion: '' }, new AbortController().signal)) {
      throw new Error(`unexpected ${event.type}`);
    }
  })();
  while (server.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await client[Symbol.asyncDispose]();
  await expect(watching).rejects.toMatchObject({ name: 'KubeApiError', code: 0 });
});

test('a WebSocket keeps message borders, and a refusal is the server’s own error', async () => {
  await using server = await startFakeApiServer((_request, response) =>
    sendJson(response, 403, { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no exec' }),
  );
  await using client = clientOf(server.url);
  const { protocol, socket } = await client.upgrade('/echo', ['v5.channel.k8s.io', 'v4.channel.k8s.io']);
  expect(protocol).toBe('v5.channel.k8s.io');
  const messages: Buffer[] = [];
  socket.on('data', (message: Buffer) => messages.push(message));
  socket.write(Buffer.from([0, 1, 2]));
  socket.write(Buffer.from([3]));
  while (messages.length < 2) await once(socket, 'data');
  expect(messages.map((message) => [...message])).toEqual([[0, 1, 2], [3]]);
  socket.destroy();
});
