// The operator over time: drift, conflicts, absences, several of its kind. Against a real API server.
import { seededRandom, silentLogger, systemClock } from '@pergola/kernel';
import {
  createKubeClient,
  hasCode,
  type KubeClient,
  type KubeResource,
  resourceTypes,
} from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, startTestPlane, type TestPlane } from '../../kube-plane/tests/harness.ts';
import { type LoggingOperatorOptions, loggingCrds, startLoggingOperator } from '../src/index.ts';
import { customResources } from '../src/operator/custom-resources.ts';

const {
  secrets,
  daemonsets,
  clusterrolebindings,
  serviceaccounts,
  clusterroles,
  namespaces,
  services,
  leases,
  pods,
  configmaps,
} = resourceTypes;
const { legacyForwarders, forwarders } = customResources;
const namespace = 'apps';

let plane: TestPlane;
let client: KubeClient;

const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000, interval: 10 });

function start(options: Partial<LoggingOperatorOptions> = {}): Promise<AsyncDisposable> {
  return startLoggingOperator({
    client,
    clock: systemClock,
    random: seededRandom(),
    logger: silentLogger,
    collectorImage: 'collector:1',
    ...options,
  });
}

beforeAll(async () => {
  plane = await startTestPlane();
  client = createKubeClient({ server: plane.plane.url, ca: plane.ca, token: ADMIN_TOKEN, userAgent: 'test' });
  for (const crd of loggingCrds) await client.create(resourceTypes.customresourcedefinitions, crd);
  for (const name of [namespace, 'elsewhere']) {
    await client.create(namespaces, { metadata: { name } });
    await client.create(serviceaccounts, { metadata: { name: 'forwarding', namespace: name } });
    await client.create(secrets, {
      metadata: { name: 'aws', namespace: name },
      stringData: { role_arn: 'arn:aws:iam::123456789012:role/r' },
    });
  }
  await client.create(clusterroles, {
    metadata: { name: 'all-logs' },
    rules: [{ apiGroups: ['*'], resources: ['logs'], verbs: ['collect'] }],
  });
  await client.create(clusterrolebindings, {
    metadata: { name: 'all-logs' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all-logs' },
    subjects: [namespace, 'elsewhere'].map((each) => ({
      kind: 'ServiceAccount',
      name: 'forwarding',
      namespace: each,
    })),
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await plane[Symbol.asyncDispose]();
});

const legacyOf = (name: string, groupPrefix = 'x', where = namespace): KubeResource => ({
  metadata: { name, namespace: where },
  spec: {
    serviceAccountName: 'forwarding',
    outputs: [
      {
        name: 'cw',
        type: 'cloudwatch',
        cloudwatch: { groupBy: 'logType', groupPrefix, region: 'us-east-1' },
        secret: { name: 'aws' },
      },
    ],
    pipelines: [{ name: 'all', inputRefs: ['application'], outputRefs: ['cw'] }],
  },
});

const forwarderOf = (name: string): KubeResource => ({
  metadata: { name, namespace },
  spec: {
    serviceAccount: { name: 'forwarding' },
    outputs: [
      {
        name: 'cw',
        type: 'cloudwatch',
        cloudwatch: {
          region: 'r',
          groupName: 'g',
          authentication: {
            type: 'iamRole',
            iamRole: { roleARN: { secretName: 'aws', key: 'role_arn' }, token: { from: 'serviceAccount' } },
          },
        },
      },
    ],
    pipelines: [{ name: 'all', inputRefs: ['application'], outputRefs: ['cw'] }],
  },
});

async function readyOf(type: typeof forwarders | typeof legacyForwarders, name: string) {
  const object = await client.get(type, { namespace, name });
  const conditions: { type: string; status: string; message?: string }[] = object['status']?.conditions ?? [];
  return conditions.find((condition) => condition.type === 'Ready');
}

test('what is changed or deleted by others comes back; another configuration rolls the pods', async () => {
  await using _operator = await start();
  const ref = { namespace, name: 'steady' };
  await client.create(legacyForwarders, legacyOf('steady'));
  await eventually(() => client.find(daemonsets, ref)).toBeDefined();
  const before = await client.get(daemonsets, ref);

  await client.patch(daemonsets, ref, {
    kind: 'merge',
    body: { spec: { template: { spec: { serviceAccountName: 'default' } } } },
  });
  const accountOf = async () => (await client.get(daemonsets, ref))['spec'].template.spec.serviceAccountName;
  await eventually(accountOf).toBe('forwarding');
  await client.delete(services, ref);
  await eventually(() => client.find(services, ref)).toBeDefined();

  await client.patch(legacyForwarders, ref, {
    kind: 'merge',
    body: { spec: legacyOf('steady', 'y')['spec'] },
  });
  const hashOf = ({ spec }: KubeResource): unknown =>
    spec.template.metadata.annotations['pergola.dev/config-hash'];
  await eventually(async () => hashOf(await client.get(daemonsets, ref))).not.toBe(hashOf(before));
  await client.delete(legacyForwarders, ref);
});

test('a Secret that goes stops nothing that runs, and is missed at once', async () => {
  await using _operator = await start();
  const ref = { namespace, name: 'missing' };
  await client.create(legacyForwarders, legacyOf('missing'));
  await eventually(async () => (await readyOf(legacyForwarders, 'missing'))?.status).toBe('True');
  const secret = await client.get(secrets, { namespace, name: 'aws' });
  await client.delete(secrets, { namespace, name: 'aws' });
  await eventually(
    async () => (await client.get(legacyForwarders, ref))['status'].outputs.cw[0].message,
  ).toBe('secret "aws" not found');
  expect(await client.find(daemonsets, ref)).toBeDefined();
  await client.create(secrets, { metadata: { name: 'aws', namespace }, data: secret['data'] });
  await eventually(async () => (await readyOf(legacyForwarders, 'missing'))?.status).toBe('True');
  await client.delete(legacyForwarders, ref);
});

test('two forwarders of one name cannot both have its objects', async () => {
  await using _operator = await start();
  await client.create(forwarders, forwarderOf('twin'));
  await eventually(async () => (await readyOf(forwarders, 'twin'))?.status).toBe('True');
  await client.create(legacyForwarders, legacyOf('twin'));
  await eventually(() => readyOf(legacyForwarders, 'twin')).toMatchObject({
    status: 'False',
    reason: 'DeploymentError',
    message: expect.stringContaining('belongs to ClusterLogForwarder observability.openshift.io/v1 twin'),
  });
  expect((await readyOf(forwarders, 'twin'))?.status).toBe('True');
  await client.delete(legacyForwarders, { namespace, name: 'twin' });
  await client.delete(forwarders, { namespace, name: 'twin' });
});

test('a forwarder deleted while no operator ran leaves nothing cluster-wide', async () => {
  const bindingsOf = async () => {
    const { items } = await client.list(clusterrolebindings);
    return items.filter(({ metadata }) => metadata.name.includes('-gone-'));
  };
  {
    await using _operator = await start();
    await client.create(legacyForwarders, legacyOf('gone'));
    await eventually(bindingsOf).toHaveLength(1);
  }
  await client.delete(legacyForwarders, { namespace, name: 'gone' });
  expect(await bindingsOf()).toHaveLength(1);
  await using _operator = await start();
  await eventually(bindingsOf).toEqual([]);
});

test('other namespaces than those that are watched are left alone', async () => {
  await using _operator = await start({ watchNamespaces: [namespace] });
  await client.create(legacyForwarders, legacyOf('far', 'x', 'elsewhere'));
  await client.create(legacyForwarders, legacyOf('near'));
  await eventually(async () => (await readyOf(legacyForwarders, 'near'))?.status).toBe('True');
  expect(
    (await client.get(legacyForwarders, { namespace: 'elsewhere', name: 'far' }))['status'],
  ).toBeUndefined();
  await client.delete(legacyForwarders, { namespace: 'elsewhere', name: 'far' });
  await client.delete(legacyForwarders, { namespace, name: 'near' });
});

test('of two operators one works; the other takes over when it ends', async () => {
  const lost: Error[] = [];
  const elected = (identity: string) =>
    start({ leaderElection: { namespace, identity, onLost: (error) => lost.push(error) } });
  const holderOf = async () =>
    (await client.find(leases, { namespace, name: 'cluster-logging-operator' }))?.['spec'].holderIdentity;
  const first = await elected('first');
  await eventually(holderOf).toBe('first');
  const second = await elected('second');
  await first[Symbol.asyncDispose]();
  await eventually(holderOf).toBe('second');
  await client.create(legacyForwarders, legacyOf('led'));
  await eventually(async () => (await readyOf(legacyForwarders, 'led'))?.status).toBe('True');
  await second[Symbol.asyncDispose]();
  expect(lost).toEqual([]);
});

const collectorPodOf = (collector: string): KubeResource => ({
  metadata: {
    name: `${collector}-x1`,
    namespace,
    labels: {
      component: 'collector',
      'app.kubernetes.io/managed-by': 'cluster-logging-operator',
      'app.kubernetes.io/instance': collector,
    },
  },
  spec: { nodeName: 'n1', serviceAccountName: 'forwarding', containers: [{ name: 'c', image: 'x' }] },
});

const reportFrom = (outputs: object) => ({
  'report.json': JSON.stringify({
    version: 1,
    node: 'n1',
    writtenAt: new Date(systemClock.nowMs()).toISOString(),
    namespaces: {},
    outputs,
  }),
});

test('reports in quick succession lead to no refused write, and the last one stands', async () => {
  let conflicts = 0;
  const counting = new Proxy(client, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      const bound = method.bind(target) as (...parameters: unknown[]) => unknown;
      if (property !== 'patch') return bound;
      return async (...parameters: unknown[]) => {
        try {
          return await bound(...parameters);
        } catch (error) {
          if (hasCode(error, 409)) conflicts += 1;
          throw error;
        }
      };
    },
  });
  await using _operator = await start({ client: counting });
  await client.create(legacyForwarders, legacyOf('told'));
  await client.create(pods, collectorPodOf('told'));
  const report = { name: 'told-report-n1', namespace, labels: { 'pergola.dev/delivery-report': 'told' } };
  await client.create(configmaps, { metadata: report });
  const reasons = Array.from({ length: 40 }, (_, index) => `Reason${index}`);
  for (const reason of reasons) {
    const failure = { since: '', reason, message: '', operation: 'logs:PutLogEvents' };
    const body = { data: reportFrom({ cw: { failure } }) };
    await client.patch(configmaps, report, { kind: 'merge', body });
  }
  await eventually(async () => {
    const { conditions = [] } =
      (await client.get(legacyForwarders, { namespace, name: 'told' }))['status'] ?? {};
    return conditions.find(({ type }: { type: string }) => type === 'Delivering')?.reason;
  }).toBe(reasons.at(-1));
  expect(conflicts).toBe(0);
});

test("a report that a collector writes after its forwarder's end goes as it went, others' stay", async () => {
  await using _operator = await start();
  const reportOf = (collector: string) => ({
    name: `${collector}-report-n1`,
    namespace,
    labels: { 'pergola.dev/delivery-report': collector },
  });
  for (const name of ['stays', 'ends']) {
    await client.create(legacyForwarders, legacyOf(name));
    await eventually(() => client.find(daemonsets, { namespace, name })).toBeDefined();
  }
  await client.create(pods, collectorPodOf('stays'));
  await client.create(configmaps, { metadata: reportOf('stays'), data: reportFrom({ cw: {} }) });
  await client.delete(legacyForwarders, { namespace, name: 'ends' });
  const bindings = async () =>
    (await client.list(clusterrolebindings)).items.map(({ metadata }) => metadata.name);
  await eventually(bindings).not.toContain(`cluster-logging-${namespace}-ends-metadata-reader`);
  await client.create(configmaps, { metadata: reportOf('ends') });
  await eventually(() => client.find(configmaps, reportOf('ends'))).toBeUndefined();
  expect(await client.find(configmaps, reportOf('stays'))).toBeDefined();
});
