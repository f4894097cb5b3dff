import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { openStore } from '@pergola/store';
import { expect, it } from 'vitest';
import { ADMIN_TOKEN, startTestPlane, type TestPlane } from './harness.ts';

/** Sends raw bytes over TLS and returns what comes back until the connection closes. */
function raw(test: TestPlane, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = tlsConnect({ port: test.plane.port, host: '127.0.0.1', ca: test.ca });
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
}

it('outlives malformed TLS, malformed HTTP, huge headers and clients that hang up', async () => {
  await using test = await startTestPlane();
  await new Promise<void>((resolve) => {
    const socket = connect(test.plane.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect(await raw(test, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(test, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  await new Promise<void>((resolve) => {
    const socket = tlsConnect({ port: test.plane.port, host: '127.0.0.1', ca: test.ca }, () => {
      const head = `POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":`;
      socket.write(head, () => socket.destroy());
    });
    socket.on('close', () => resolve());
  });
  expect((await test.call('GET', '/readyz?verbose')).text).toContain('readyz check passed');
});

it('keeps everything over a restart, and moves its own address', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kube-plane-restart-'));
  const store = openStore({ path: folder });
  let uid = '';
  let version = '';
  {
    await using test = await startTestPlane({ store });
    const { body } = await test.call('POST', '/api/v1/namespaces/default/configmaps', {
      metadata: { name: 'kept' },
    });
    uid = body.metadata.uid;
    version = (await test.call('GET', '/apis/config.openshift.io/v1/clusterversions/version')).body.metadata
      .resourceVersion;
  }
  {
    await using test = await startTestPlane({ store, issuer: 'https://moved.example.com' });
    expect((await test.call('GET', '/api/v1/namespaces/default/configmaps/kept')).body.metadata.uid).toBe(
      uid,
    );
    const { body } = await test.call('GET', '/apis/config.openshift.io/v1/authentications/cluster');
    expect(body.spec.serviceAccountIssuer).toBe('https://moved.example.com');
    const again = await test.call('GET', '/apis/config.openshift.io/v1/clusterversions/version');
    expect(again.body.metadata.resourceVersion).toBe(version);
  }
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

it('ends open watches and tunnels when it closes', async () => {
  const kubelet = createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
  });
  await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
  const address = kubelet.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const test = await startTestPlane({ dialKubelet: async () => connect(port, '127.0.0.1') });
  await test.call('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] };
  await test.call('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec });
  const watch = test.watch('/api/v1/pods?watch=true');
  await watch.until(1);
  const opened = new Promise<void>((resolve) => {
    const socket = tlsConnect({ port: test.plane.port, host: '127.0.0.1', ca: test.ca });
    socket.on('data', () => resolve());
    socket.on('error', () => {});
    socket.write(
      `POST /api/v1/namespaces/default/pods/p/portforward HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n`,
    );
  });
  await opened;
  await test[Symbol.asyncDispose]();
  await watch.ended;
  await new Promise((resolve) => kubelet.close(resolve));
});

it('refuses a taken port', async () => {
  await using test = await startTestPlane();
  await expect(startTestPlane({ port: test.plane.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('answers rosa about its cluster, and oc about its user', async () => {
  await using test = await startTestPlane();
  const search = encodeURIComponent(
    "product.id = 'rosa' AND (id = 'rosa' OR name = 'rosa' OR external_id = 'rosa')",
  );
  const clusters = await test.call('GET', `/api/clusters_mgmt/v1/clusters?page=1&size=1&search=${search}`);
  expect(clusters.body).toMatchObject({
    kind: 'ClusterList',
    total: 1,
    items: [
      {
        name: 'rosa',
        region: { id: 'us-east-1' },
        aws: { sts: { oidc_endpoint_url: 'https://issuer.example.com/cluster' } },
      },
    ],
  });
  const other = encodeURIComponent("product.id = 'rosa' AND (id = 'x' OR name = 'x' OR external_id = 'x')");
  expect((await test.call('GET', `/api/clusters_mgmt/v1/clusters?search=${other}`)).body.total).toBe(0);
  expect((await test.call('GET', '/apis/user.openshift.io/v1/users/~')).body.metadata.name).toBe(
    'system:admin',
  );
  expect((await test.call('GET', '/apis/project.openshift.io/v1/projectrequests')).body).toMatchObject({
    kind: 'Status',
    status: 'Success',
  });
  expect((await test.call('HEAD', '/')).headers['content-type']).toBe('application/json');
});
