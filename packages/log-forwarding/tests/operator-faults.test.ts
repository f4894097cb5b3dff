// The operator over an API server that fails: whatever fails is tried again, and nothing is left half done.
import { type Random, seededRandom, silentLogger, systemClock } from '@pergola/kernel';
import {
  createKubeClient,
  KubeApiError,
  type KubeClient,
  type KubeResource,
  resourceTypes,
} from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, startTestPlane, type TestPlane } from '../../kube-plane/tests/harness.ts';
import { loggingCrds, startLoggingOperator } from '../src/index.ts';
import { customResources } from '../src/operator/custom-resources.ts';

const { secrets, daemonsets, clusterrolebindings, configmaps } = resourceTypes;
const { legacyForwarders, clusterLoggings } = customResources;
const instance = { namespace: 'openshift-logging', name: 'instance' };

let plane: TestPlane;
let client: KubeClient;
beforeAll(async () => {
  plane = await startTestPlane();
  client = createKubeClient({ server: plane.plane.url, ca: plane.ca, token: ADMIN_TOKEN, userAgent: 'test' });
  for (const crd of loggingCrds) await client.create(resourceTypes.customresourcedefinitions, crd);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await plane[Symbol.asyncDispose]();
});

const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000, interval: 10 });

const failures = [
  new KubeApiError(500, 'InternalError', 'etcdserver: request timed out'),
  new KubeApiError(409, 'Conflict', 'the object has been modified'),
  new KubeApiError(0, 'TransportFailure', 'read ECONNRESET'),
];

/** Of the calls that are not watches two in ten fail: half before they are made, half after, as when an answer is lost. */
function failing(sound: KubeClient, random: Random): { client: KubeClient; failed: () => number } {
  let failed = 0;
  const faulty = new Set(['get', 'find', 'create', 'update', 'patch', 'delete']);
  const proxy = new Proxy(sound, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      const bound = method.bind(target) as (...parameters: unknown[]) => unknown;
      if (!faulty.has(String(property))) return bound;
      return async (...parameters: unknown[]) => {
        const fate = random.fraction();
        const failure = failures[Math.floor(random.fraction() * failures.length)];
        if (fate < 0.2) failed++;
        if (fate < 0.1) throw failure;
        const answer = await bound(...parameters);
        if (fate < 0.2) throw failure;
        return answer;
      };
    },
  });
  return { client: proxy, failed: () => failed };
}

const forwarder: KubeResource = {
  metadata: instance,
  spec: {
    outputs: [
      {
        name: 'cw',
        type: 'cloudwatch',
        cloudwatch: { groupBy: 'logType', region: 'us-east-1' },
        secret: { name: 'aws' },
      },
    ],
    pipelines: [{ name: 'all', inputRefs: ['application', 'infrastructure', 'audit'], outputRefs: ['cw'] }],
  },
};

/** What the garbage collector of a whole cluster does. */
async function collectGarbage(): Promise<void> {
  const { services, roles, rolebindings } = resourceTypes;
  for (const type of [daemonsets, secrets, services, roles, rolebindings]) {
    const { items } = await client.list(type, { namespace: instance.namespace });
    for (const { metadata } of items) {
      if (metadata.ownerReferences) await client.delete(type, { ...instance, name: metadata.name });
    }
  }
}

test.each([1, 2, 3])(
  'with faults of seed %d a forwarder is deployed, told of and cleared away',
  async (seed) => {
    const faults = failing(client, seededRandom(seed));
    await using _operator = await startLoggingOperator({
      client: faults.client,
      clock: systemClock,
      random: seededRandom(seed),
      logger: silentLogger,
      collectorImage: 'collector:1',
    });
    await client.create(secrets, {
      metadata: { name: 'aws', namespace: 'openshift-logging' },
      stringData: { role_arn: 'arn:aws:iam::123456789012:role/r' },
    });
    await client.create(clusterLoggings, { metadata: instance, spec: { collection: { type: 'vector' } } });
    await client.create(legacyForwarders, forwarder);
    await eventually(async () => {
      const { conditions = [] } = (await client.get(legacyForwarders, instance))['status'] ?? {};
      return conditions.find(({ type }: { type: string }) => type === 'Ready');
    }).toMatchObject({ status: 'True' });
    const secret = await client.get(secrets, { ...instance, name: 'collector-config' });
    const config = JSON.parse(Buffer.from(secret['data']['collector.json'], 'base64').toString('utf8'));
    expect(config.outputs[0].names.prefix).toBe('rosa-abcde');
    expect(await client.find(daemonsets, { ...instance, name: 'collector' })).toBeDefined();
    expect(faults.failed()).toBeGreaterThan(0);

    await client.create(configmaps, {
      metadata: {
        name: 'collector-report-n1',
        namespace: instance.namespace,
        labels: { 'pergola.dev/delivery-report': 'collector' },
      },
      data: { 'report.json': '{}' },
    });
    await client.delete(legacyForwarders, instance);
    const remains = async () => {
      const bindings = (await client.list(clusterrolebindings)).items;
      const reports = (await client.list(configmaps, { namespace: instance.namespace })).items;
      return [...bindings, ...reports]
        .map(({ metadata }) => metadata.name)
        .filter((name) => /^(cluster-logging-openshift|collector-report)/.test(name));
    };
    await eventually(remains).toEqual([]);
    await client.delete(clusterLoggings, instance);
    await client.delete(secrets, { ...instance, name: 'aws' });
    await collectGarbage();
  },
);
