// A plane on a random port with its own store, and the clients that talk to it.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { generateSigningKey } from '@pergola/oidc';
import { createCa, issueCertificate } from '@pergola/pki';
import { openStore, type Store } from '@pergola/store';
import { type KubePlane, type KubePlaneOptions, startKubePlane } from '../src/index.ts';

export const ADMIN_TOKEN = 'admin-token';
export const USER_TOKEN = 'user-token';
export const ISSUER = 'https://issuer.example.com/cluster';

export interface TestPlane extends AsyncDisposable {
  readonly plane: KubePlane;
  readonly store: Store;
  readonly folder: string;
  readonly ca: string;
  readonly kubeconfig: string;
  /** JSON in, JSON out; a string body is sent as it is. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  /** Opens a watch and collects its events. */
  watch(path: string, headers?: Record<string, string>): TestWatch;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of any shape are looked into.
  readonly body: any;
}

export interface TestWatch {
  // oxlint-disable-next-line typescript/no-explicit-any -- as above.
  readonly events: any[];
  /** Resolves when `count` events have come, or the stream has ended. */
  until(count: number): Promise<void>;
  readonly ended: Promise<void>;
  close(): void;
}

export async function startTestPlane(overrides: Partial<KubePlaneOptions> = {}): Promise<TestPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'kube-plane-'));
  const store = overrides.store ?? openStore({ path: join(folder, 'store'), durability: 'ephemeral' });
  const context = { random: systemRandom, clock: systemClock };
  const ca = await createCa(context, 'pergola test');
  const serving = await issueCertificate(context, ca, {
    commonName: 'kube-apiserver',
    hosts: ['localhost', '127.0.0.1'],
    usage: 'server',
  });
  const plane = await startKubePlane({
    store,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    port: 0,
    tls: { cert: serving.cert, key: serving.key, ca: ca.cert },
    signingKeys: [await generateSigningKey()],
    issuer: ISSUER,
    cluster: {
      name: 'rosa',
      infrastructureName: 'rosa-abcde',
      region: 'us-east-1',
      account: '123456789012',
      topology: 'classic',
      id: '2b1c0e6e0d3f4f0f9d1f000000000000',
      version: '4.17.9',
    },
    tokens: [
      { token: ADMIN_TOKEN, user: 'system:admin', groups: ['system:masters'] },
      { token: USER_TOKEN, user: 'jane', groups: ['system:authenticated:oauth'] },
    ],
    dialKubelet: () => Promise.reject(new Error('no kubelet')),
    ...overrides,
  });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(plane.url, ca.cert));
  return {
    plane,
    store,
    folder,
    ca: ca.cert,
    kubeconfig,
    call: (method, path, body, headers) => call(plane.url + path, ca.cert, { method, body, headers }),
    watch: (path, headers) => watch(plane.url + path, ca.cert, headers),
    async [Symbol.asyncDispose]() {
      await plane[Symbol.asyncDispose]();
      if (!overrides.store) await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function kubeconfigText(server: string, ca: string): string {
  const data = Buffer.from(ca).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': data } }],
    users: [{ name: 'admin', user: { token: ADMIN_TOKEN } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin', namespace: 'default' } }],
  });
}

interface Sent {
  readonly method: string;
  readonly body: unknown;
  readonly headers: Record<string, string> | undefined;
}

/** An empty header is one not sent. */
function withoutEmpty(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

function call(url: string, ca: string, { method, body, headers }: Sent): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const text =
      body === undefined
        ? undefined
        : typeof body === 'string' || Buffer.isBuffer(body)
          ? body
          : JSON.stringify(body);
    const request = httpsRequest(url, {
      method,
      ca,
      headers: withoutEmpty({
        Authorization: `Bearer ${ADMIN_TOKEN}`,
        'Content-Type': text === undefined ? '' : 'application/json',
        'Content-Length': text === undefined ? '' : String(Buffer.byteLength(text)),
        ...headers,
      }),
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString('utf8');
        const isJson = /json/.test(String(response.headers['content-type']));
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: answer,
          body: isJson && answer !== '' ? JSON.parse(answer) : undefined,
        });
      });
    });
    request.end(text);
  });
}

function watch(url: string, ca: string, headers: Record<string, string> | undefined): TestWatch {
  const events: unknown[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let done = false;
  const check = () => {
    for (const each of waiting) if (done || events.length >= each.count) each.resolve();
  };
  const request = httpsRequest(url, {
    ca,
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
    agent: false,
  });
  const ended = new Promise<void>((resolve) => {
    const finish = () => {
      done = true;
      check();
      resolve();
    };
    request.on('error', finish);
    request.on('response', (response) => {
      let rest = '';
      response.on('data', (chunk: Buffer) => {
        rest += chunk.toString('utf8');
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) events.push(JSON.parse(line));
        check();
      });
      response.on('error', finish);
      response.on('close', finish);
    });
  });
  request.end();
  return {
    events: events as TestWatch['events'],
    ended,
    until: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        check();
      }),
    close: () => request.destroy(),
  };
}

/** Folders in which versioned kubectl binaries may stand; the first that exists wins. */
export function kubectlPath(version: string): string | undefined {
  const folders = [process.env['KUBECTL_DIR'] ?? '', '/usr/lib/google-cloud-sdk/bin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, `kubectl.${version}`)).find((path) => existsSync(path));
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl with the plane's kubeconfig and a cache of its own. */
export function runKubectl(
  binary: string,
  test: TestPlane,
  args: readonly string[],
  input?: string,
): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: test.folder, KUBECONFIG: test.kubeconfig };
    const child = execFile(binary, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input ?? '');
  });
}
