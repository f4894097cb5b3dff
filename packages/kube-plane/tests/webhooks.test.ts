import { createServer, type Server } from 'node:https';
import { systemClock, systemRandom } from '@pergola/kernel';
import { createCa, issueCertificate } from '@pergola/pki';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from './harness.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- reviews of any shape.
type Review = any;

const CM = '/api/v1/namespaces/default/configmaps';
const MUTATING = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const VALIDATING = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
let test: TestPlane;
let server: Server;
let caBundle: string;
let port: number;
let seen: Review[] = [];
let connections = 0;
/** So many of the next requests get no answer but the end of their connection. */
let cut = 0;
/** What the webhook at each path answers. */
const handlers = new Map<string, (review: Review) => unknown>();

beforeAll(async () => {
  const context = { clock: systemClock, random: systemRandom };
  const ca = await createCa(context, 'webhook');
  const { cert, key } = await issueCertificate(context, ca, {
    commonName: 'hook',
    hosts: ['127.0.0.1', 'hook.default.svc', 'override.default.svc'],
    usage: 'server',
  });
  caBundle = Buffer.from(ca.cert).toString('base64');
  server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const review = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      seen.push(review);
      if (cut > 0) {
        cut--;
        request.socket.destroy();
        return;
      }
      const answer = handlers.get((request.url ?? '').split('?')[0] ?? '')?.(review);
      if (answer === undefined) return;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  server.on('secureConnection', () => connections++);
  test = await startTestPlane({
    resolveService: (namespace, name) =>
      namespace === 'default' && name === 'override' ? { host: '127.0.0.1', port } : undefined,
  });
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  seen = [];
});

const answer = (review: Review, response: object) => ({
  apiVersion: review.apiVersion,
  kind: 'AdmissionReview',
  response: { uid: review.request.uid, allowed: true, ...response },
});
const patch = (operations: object[]) => ({
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] };

/** Registers one webhook for objects labelled `hook=<label>`. */
async function register(path: string, label: string, more: object = {}): Promise<void> {
  const webhook = {
    name: `${label}.hooks.example.com`,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: { url: `https://127.0.0.1:${port}/${label}`, caBundle },
    rules: [rule],
    objectSelector: { matchLabels: { hook: label } },
    ...more,
  };
  const { status, text } = await test.call('POST', path, { metadata: { name: label }, webhooks: [webhook] });
  expect(status, text).toBe(201);
}

const make = (name: string, hook: string, query = '') =>
  test.call('POST', `${CM}${query}`, { metadata: { name, labels: { hook } } });

it('mutates by JSON patch, with a full v1 review', async () => {
  await register(MUTATING, 'add');
  handlers.set('/add', (review) =>
    answer(review, {
      warnings: ['mind this'],
      ...patch([{ op: 'add', path: '/data', value: { by: 'hook' } }]),
    }),
  );
  const made = await make('a', 'add');
  expect(made.body.data).toEqual({ by: 'hook' });
  expect(made.headers['warning']).toBe('299 - "mind this"');
  expect(seen[0]).toMatchObject({
    apiVersion: 'admission.k8s.io/v1',
    request: {
      kind: { kind: 'ConfigMap', version: 'v1' },
      resource: { resource: 'configmaps' },
      name: 'a',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'system:admin' },
      dryRun: false,
      oldObject: null,
      object: { metadata: { name: 'a' } },
    },
  });
  await make('b', 'other');
  expect(seen).toHaveLength(1);
  await make('c', 'add', '?dryRun=All');
  expect(seen[1].request.dryRun).toBe(true);
});

it('reaches a Service where it is told, and takes v1beta1 answers without their name', async () => {
  await register(MUTATING, 'beta', {
    admissionReviewVersions: ['v1beta1'],
    clientConfig: { service: { namespace: 'default', name: 'override', path: '/beta' }, caBundle },
  });
  handlers.set('/beta', () => ({
    response: { allowed: true, ...patch([{ op: 'add', path: '/data', value: { v: 'beta' } }]) },
  }));
  expect((await make('beta', 'beta')).body.data).toEqual({ v: 'beta' });
  expect(seen[0].apiVersion).toBe('admission.k8s.io/v1beta1');
});

it('finds a Service by its Endpoints', async () => {
  const service = { namespace: 'default', name: 'hook', path: '/service', port: 8443 };
  await register(MUTATING, 'service', { clientConfig: { service, caBundle } });
  handlers.set('/service', (review) =>
    answer(review, patch([{ op: 'add', path: '/data', value: { by: 'service' } }])),
  );
  const url = 'https://hook.default.svc:8443/service?timeout=10s';
  const failure = (why: string) =>
    `Internal error occurred: failed calling webhook "service.hooks.example.com": failed to call webhook: Post "${url}": ${why}`;
  expect((await make('s0', 'service')).body.message).toBe(failure('service "hook" not found'));

  const services = '/api/v1/namespaces/default/services';
  const port = (name: string, number: number) => ({ name, port: number, targetPort: name });
  const spec = { ports: [port('metrics', 9090)] };
  expect((await test.call('POST', services, { metadata: { name: 'hook' }, spec })).status).toBe(201);
  expect((await make('s1', 'service')).body.message).toBe(
    failure('no service port 8443 found for service "hook"'),
  );
  const ports = [port('metrics', 9090), port('webhook', 8443)];
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  expect((await test.call('PATCH', `${services}/hook`, { spec: { ports } }, merge)).status).toBe(200);
  expect((await make('s2', 'service')).body.message).toBe(
    failure('no endpoints available for service "hook"'),
  );
  const subsets = [
    { notReadyAddresses: [{ ip: '127.0.0.9' }], ports: [{ name: 'webhook', port: 1 }] },
    { addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'metrics', port: 1 }, serverPort()] },
  ];
  const endpoints = { metadata: { name: 'hook' }, subsets };
  const made = await test.call('POST', '/api/v1/namespaces/default/endpoints', endpoints);
  expect(made.status, made.text).toBe(201);
  expect((await make('s3', 'service')).body.data).toEqual({ by: 'service' });
});
const serverPort = () => ({ name: 'webhook', port });

it('keeps its connections until the configurations change, and survives their end', async () => {
  await register(VALIDATING, 'kept');
  handlers.set('/kept', (review) => answer(review, {}));
  const before = connections;
  for (const name of ['k1', 'k2', 'k3']) expect((await make(name, 'kept')).status).toBe(201);
  expect(connections - before).toBe(1);
  server.closeIdleConnections();
  expect((await make('k4', 'kept')).status).toBe(201);
  expect(connections - before).toBe(2);
  await register(VALIDATING, 'another');
  expect((await make('k5', 'kept')).status).toBe(201);
  expect(connections - before).toBe(3);
});

it('asks again over a connection of its own when a kept one breaks, and only then', async () => {
  await register(VALIDATING, 'cut');
  handlers.set('/cut', (review) => answer(review, {}));
  expect((await make('x1', 'cut')).status).toBe(201);
  cut = 1;
  expect((await make('x2', 'cut')).status).toBe(201);
  expect(seen).toHaveLength(3);
  // That connection was not kept: an end of a new one is no sign of staleness.
  cut = 1;
  expect((await make('x3', 'cut')).body.message).toMatch(/socket hang up|ECONNRESET/);
  expect(seen).toHaveLength(4);
});

it('refuses in the webhook’s words', async () => {
  await register(VALIDATING, 'deny');
  handlers.set('/deny', (review) =>
    answer(review, { allowed: false, status: { code: 403, message: 'not today' } }),
  );
  const { body } = await make('d', 'deny');
  expect(body).toMatchObject({
    code: 403,
    message: 'admission webhook "deny.hooks.example.com" denied the request: not today',
  });
  handlers.set('/deny', (review) => answer(review, { allowed: false }));
  expect((await make('d', 'deny')).body).toMatchObject({
    code: 400,
    message: 'admission webhook "deny.hooks.example.com" denied the request without explanation',
  });
});

it('fails or goes on by failurePolicy', async () => {
  await register(MUTATING, 'broken', { failurePolicy: 'Fail' });
  handlers.set('/broken', () => ({ response: { allowed: true } }));
  const { body } = await make('f', 'broken');
  expect(body.code).toBe(500);
  expect(body.message).toBe(
    'Internal error occurred: failed calling webhook "broken.hooks.example.com": failed to call webhook: expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=',
  );
  await register(MUTATING, 'ignored', {
    failurePolicy: 'Ignore',
    clientConfig: { service: { namespace: 'default', name: 'absent' } },
  });
  expect((await make('i', 'ignored')).status).toBe(201);
  await register(MUTATING, 'untrusted', { clientConfig: { url: `https://127.0.0.1:${port}/add` } });
  expect((await make('u', 'untrusted')).body.message).toContain(
    'failed calling webhook "untrusted.hooks.example.com"',
  );
});

it('gives up after the timeout', async () => {
  await register(VALIDATING, 'slow', { timeoutSeconds: 1 });
  handlers.set('/slow', () => undefined);
  expect((await make('s', 'slow')).body.message).toContain('context deadline exceeded');
});

it('calls again what wants to see later changes', async () => {
  await register(MUTATING, 'first', {
    reinvocationPolicy: 'IfNeeded',
    objectSelector: { matchLabels: { hook: 'round' } },
  });
  await register(MUTATING, 'second', { objectSelector: { matchLabels: { hook: 'round' } } });
  handlers.set('/first', (review) =>
    answer(review, {
      ...patch([
        {
          op: 'add',
          path: '/metadata/annotations',
          value: { saw: String(Object.keys(review.request.object.data ?? {})) },
        },
      ]),
    }),
  );
  handlers.set('/second', (review) =>
    answer(review, { ...patch([{ op: 'add', path: '/data', value: { x: '1' } }]) }),
  );
  const { body } = await make('r', 'round');
  expect(seen).toHaveLength(3);
  expect(body.metadata.annotations).toEqual({ saw: 'x' });
});

it('refuses configurations that it could not honour', async () => {
  const webhook = {
    name: 'x',
    admissionReviewVersions: ['v1'],
    sideEffects: 'Some',
    clientConfig: {},
    matchConditions: [{ name: 'a', expression: 'true' }],
  };
  const { body } = await test.call('POST', VALIDATING, { metadata: { name: 'bad' }, webhooks: [webhook] });
  expect(body.code).toBe(422);
  expect(body.message).toContain(
    'webhooks[0].name: Invalid value: "x": should be a domain with at least three segments',
  );
  expect(body.message).toContain(
    'webhooks[0].matchConditions: Forbidden: match conditions (CEL) are not implemented',
  );
  expect(body.message).toContain(
    'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
  );
});
