// The webhook over TLS on 127.0.0.1, fed by a scripted cluster.
import https from 'node:https';
import { fakeClock, seededRandom, silentLogger, systemClock } from '@pergola/kernel';
import type { KubeClient, KubeResource, ResourceType, WatchEvent } from '@pergola/kube-client';
import { createCa, issueCertificate } from '@pergola/pki';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeyPair, registerWebhook, settingsFor, startPodIdentityWebhook } from '../src/index.ts';

const role = 'arn:aws:iam::111122223333:role/reader';
const pki = { clock: systemClock, random: seededRandom() };
let ca: KeyPair;
let tls: KeyPair;
beforeAll(async () => {
  ca = await createCa(pki, 'ca');
  tls = await issueCertificate(pki, ca, { commonName: 'webhook', hosts: ['127.0.0.1'], usage: 'server' });
});
afterAll(() => https.globalAgent.destroy());

/** A cluster whose watches send what `emit` is given, and whose direct reads find `stored`. */
function cluster(initial: readonly KubeResource[] = []) {
  const watchers = new Map<string, (event: WatchEvent) => void>();
  const stored = new Map<string, KubeResource>();
  const client = {
    async find(_type: ResourceType, ref: { namespace: string; name: string }) {
      return stored.get(`${ref.namespace}/${ref.name}`);
    },
    async *watch(type: ResourceType, _query: unknown, signal: AbortSignal) {
      const queue: WatchEvent[] = initial
        .filter(({ kind }) => kind === type.kind)
        .map((object) => ({ type: 'ADDED', object }));
      queue.push({
        type: 'BOOKMARK',
        object: { metadata: { name: '', annotations: { 'k8s.io/initial-events-end': 'true' } } },
      });
      let wake = () => {};
      watchers.set(type.kind, (event) => {
        queue.push(event);
        wake();
      });
      signal.addEventListener('abort', () => wake());
      while (!signal.aborted) {
        const event = queue.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
  return {
    client: client as unknown as KubeClient,
    stored,
    emit: (type: WatchEvent['type'], object: KubeResource) =>
      watchers.get(object.kind ?? '')?.({ type, object }),
  };
}

const account = (name: string, annotations?: Record<string, string>): KubeResource => ({
  kind: 'ServiceAccount',
  metadata: { namespace: 'a', name, resourceVersion: '1', ...(annotations ? { annotations } : {}) },
});
const annotated = (name: string) => account(name, { 'eks.amazonaws.com/role-arn': role });

const review = (serviceAccountName: string, annotations = {}) =>
  JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1beta1',
    request: {
      uid: 'u1',
      namespace: 'a',
      object: { metadata: { annotations }, spec: { serviceAccountName, containers: [{ name: 'app' }] } },
    },
  });

function post(url: string, body: string, contentType = 'application/json') {
  return new Promise<{ code: number; body: string }>((resolve, reject) => {
    const request = https.request(url, {
      method: 'POST',
      ca: ca.cert,
      headers: { 'content-type': contentType },
    });
    request.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ code: response.statusCode ?? 0, body: text });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function patchedEnv(url: string, serviceAccount: string, annotations = {}) {
  const { response } = JSON.parse((await post(url, review(serviceAccount, annotations))).body);
  expect(response).toMatchObject({ uid: 'u1', allowed: true });
  if (!response.patch) return undefined;
  const patch = JSON.parse(Buffer.from(response.patch, 'base64').toString());
  return Object.fromEntries(
    patch[1].value[0].env.map((v: { name: string; value: string }) => [v.name, v.value]),
  );
}

function start(client: KubeClient, overrides: object = {}, clock = systemClock) {
  const settings = settingsFor('classic', { region: 'us-east-1', ...overrides });
  const options = { client, tls, host: '127.0.0.1', port: 0, metricsPort: 0, settings, clock };
  return startPodIdentityWebhook({ ...options, logger: silentLogger });
}

test('an annotated account’s pods are changed, others pass, and the metrics tell', async () => {
  await using webhook = await start(cluster([annotated('reader'), account('plain')]).client);
  expect(await patchedEnv(webhook.url, 'reader')).toMatchObject({
    AWS_ROLE_ARN: role,
    AWS_REGION: 'us-east-1',
  });
  expect(await patchedEnv(webhook.url, 'plain')).toBeUndefined();
  expect(await patchedEnv(webhook.url, 'unknown')).toBeUndefined();
  const metrics = await (await fetch(`http://127.0.0.1:${webhook.metricsPort}/metrics`)).text();
  expect(metrics).toContain('http_request_count{verb="POST",path="/mutate",code="200"} 3');
  expect(metrics).toContain('http_request_latencies_bucket{verb="POST",path="/mutate",le="+Inf"} 3');
  expect(metrics).toContain('pod_identity_webhook_used 1');
  expect(metrics).toContain('pod_identity_webhook_pod_count{method="sts_web_identity"} 1');
  expect(metrics).toContain('pod_identity_webhook_missing_sa_count 1');
});

test('bad requests: 415, a refusal with 200, 404, and health', async () => {
  await using webhook = await start(cluster().client);
  expect(await post(webhook.url, review('x'), 'text/plain')).toEqual({
    code: 415,
    body: 'Invalid Content-Type, expected `application/json`\n',
  });
  const refused = await post(webhook.url, 'nonsense');
  expect(refused.code).toBe(200);
  expect(JSON.parse(refused.body).response.allowed).toBe(false);
  expect(await post(webhook.url.replace('/mutate', '/healthz'), '')).toEqual({ code: 200, body: 'ok' });
  expect((await post(webhook.url.replace('/mutate', '/x'), '')).code).toBe(404);
});

test('grace: a direct look-up finds what the watch has not told yet', async () => {
  const { client, stored } = cluster();
  stored.set('a/late', annotated('late'));
  await using webhook = await start(client, { lookupGraceMs: 5_000 });
  expect(await patchedEnv(webhook.url, 'late')).toMatchObject({ AWS_ROLE_ARN: role });
});

test('grace: the watch wakes the pod that waits, and without grace nothing waits', async () => {
  const { client, emit } = cluster();
  const clock = fakeClock();
  await using webhook = await start(client, {}, clock);
  expect(await patchedEnv(webhook.url, 'late')).toBeUndefined();
  const waiting = patchedEnv(webhook.url, 'late', {
    'eks.amazonaws.com/service-account-lookup-grace-period': '9000',
  });
  const timer = setInterval(() => emit('ADDED', annotated('late')), 5);
  expect(await waiting).toMatchObject({ AWS_ROLE_ARN: role });
  clearInterval(timer);
});

test('the ConfigMap names roles for accounts that do not, also by any namespace', async () => {
  const config = {
    'a/mapped': { RoleARN: role },
    '*/any': { RoleARN: `${role}2` },
    'a/own': { RoleARN: 'no' },
  };
  const configMap: KubeResource = {
    kind: 'ConfigMap',
    metadata: { namespace: 'ns', name: 'pod-identity-webhook', resourceVersion: '1' },
    data: { config: JSON.stringify(config) },
  };
  const { client } = cluster([configMap, account('mapped'), annotated('own')]);
  await using webhook = await start(client, { configMapNamespace: 'ns' });
  expect(await patchedEnv(webhook.url, 'mapped')).toMatchObject({ AWS_ROLE_ARN: role });
  expect(await patchedEnv(webhook.url, 'any')).toMatchObject({ AWS_ROLE_ARN: `${role}2` });
  expect(await patchedEnv(webhook.url, 'own')).toMatchObject({ AWS_ROLE_ARN: role });
});

test('a new certificate serves the next connection', async () => {
  const listeners: ((pair: KeyPair) => void)[] = [];
  const other = await createCa(pki, 'other');
  const source = {
    current: () => tls,
    onChange: (listener: (pair: KeyPair) => void) => void listeners.push(listener),
    [Symbol.asyncDispose]: async () => {},
  };
  const settings = settingsFor('classic');
  const options = { client: cluster().client, tls: source, host: '127.0.0.1', port: 0, settings };
  await using webhook = await startPodIdentityWebhook({
    ...options,
    clock: systemClock,
    logger: silentLogger,
  });
  expect((await post(webhook.url, '{}')).code).toBe(200);
  const request = { commonName: 'webhook', hosts: ['127.0.0.1'], usage: 'server' } as const;
  const next = await issueCertificate(pki, other, request);
  https.globalAgent.destroy();
  for (const listener of listeners) listener(next);
  await expect(post(webhook.url, '{}')).rejects.toThrow(/certificate/);
});

test('registration writes what the topology’s own operator writes, once', async () => {
  const writes: [string, KubeResource][] = [];
  let current: KubeResource | undefined;
  const { KubeApiError } = await import('@pergola/kube-client');
  const client = {
    async create(_type: unknown, object: KubeResource) {
      if (current) throw new KubeApiError(409, 'AlreadyExists', 'exists');
      writes.push(['create', object]);
      current = structuredClone(object);
      current.webhooks[0].timeoutSeconds = 10;
      return current;
    },
    get: async () => current,
    async update(_type: unknown, object: KubeResource) {
      writes.push(['update', object]);
      current = object;
      return object;
    },
  } as unknown as KubeClient;
  const registration = { topology: 'classic', url: 'https://127.0.0.1:1/mutate', caBundle: 'PEM' } as const;
  await registerWebhook(client, registration);
  await registerWebhook(client, registration);
  await registerWebhook(client, { ...registration, caBundle: 'NEW' });
  expect(writes.map(([verb]) => verb)).toEqual(['create', 'update']);
  expect(writes[0]?.[1]).toMatchObject({
    metadata: { name: 'pod-identity-webhook' },
    webhooks: [
      {
        name: 'pod-identity-webhook.aws.mutate.io',
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1beta1'],
        clientConfig: { url: registration.url, caBundle: Buffer.from('PEM').toString('base64') },
        namespaceSelector: {
          matchExpressions: [{ key: 'openshift.io/run-level', operator: 'NotIn', values: ['0'] }],
        },
      },
    ],
  });
});
