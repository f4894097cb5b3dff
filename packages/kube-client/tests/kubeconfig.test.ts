// Connections read from a kubeconfig and from a pod's own files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock } from '@pergola/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientFromKubeconfig, clientInCluster, namespaceInCluster, readKubeconfig } from '../src/index.ts';
import { fileToken } from '../src/in-cluster.ts';
import { sendJson, startFakeApiServer } from './fake-api-server.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(server: string, user: object, cluster: object = {}): string {
  const path = join(directory, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

test('a token and a CA', async () => {
  const ca = Buffer.from('PEM').toString('base64');
  const path = write('https://example:6443', { token: 't' }, { 'certificate-authority-data': ca });
  expect(await readKubeconfig(path)).toEqual({ server: 'https://example:6443', token: 't', ca: 'PEM' });
});

test('a credential plugin is asked for its token', async () => {
  await using server = await startFakeApiServer((_request, response) => sendJson(response, 200, {}));
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: 'from-plugin' },
  };
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'echo',
    args: [JSON.stringify(credential)],
    interactiveMode: 'Never',
  };
  const path = write(server.url, { exec }, { 'insecure-skip-tls-verify': true });
  await using client = await clientFromKubeconfig(path, 'main', { userAgent: 'x' });
  await client.raw('GET', '/version');
  expect(server.received[0]?.headers.authorization).toBe('Bearer from-plugin');
});

test('what cannot be used says so', async () => {
  await expect(readKubeconfig(join(directory, 'absent'))).rejects.toThrow('cannot read the kubeconfig');
  const path = write('https://x', { token: 't' });
  await expect(readKubeconfig(path, 'other')).rejects.toThrow('context "other" does not exist');
  await expect(readKubeconfig(write('https://x', { username: 'a', password: 'b' }))).rejects.toThrow(
    'password',
  );
});

test('in a pod the address comes from the environment and the token from its file, again each minute', async () => {
  const files = { 'ca.crt': 'PEM', namespace: 'mine\n', token: 'first\n' };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  const env = { KUBERNETES_SERVICE_ACCOUNT_DIR: directory };
  expect(await namespaceInCluster(env)).toBe('mine');
  const inCluster = { ...env, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '6443' };
  await using client = await clientInCluster(inCluster, { userAgent: 'x' });
  expect(client).toBeDefined();
  await expect(clientInCluster({}, { userAgent: 'x' }, directory)).rejects.toThrow('not in a cluster');

  const clock = fakeClock();
  const token = fileToken(join(directory, 'token'), clock);
  expect(await token()).toBe('first');
  writeFileSync(join(directory, 'token'), 'second\n');
  clock.advance(59_999);
  expect(await token()).toBe('first');
  clock.advance(1);
  expect(await token()).toBe('second');
});
