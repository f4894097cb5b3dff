// The operator against a real API server: from a forwarder to what runs its collectors, and back to nothing.
import { seededRandom, silentLogger, systemClock } from '@pergola/kernel';
import { createKubeClient, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, startTestPlane, type TestPlane } from '../../kube-plane/tests/harness.ts';
import type { CollectorConfig } from '../src/config/collector-config.ts';
import { loggingCrds, loggingPackage, startLoggingOperator } from '../src/index.ts';
import { customResources } from '../src/operator/custom-resources.ts';

const { secrets, daemonsets, clusterrolebindings, serviceaccounts, clusterroles, namespaces, configmaps } =
  resourceTypes;
const { legacyForwarders, clusterLoggings, forwarders } = customResources;
const role = 'arn:aws:iam::123456789012:role/rosa-RosaCloudWatch';

let plane: TestPlane;
let client: KubeClient;
let operatorClient: KubeClient;
let operator: AsyncDisposable;

/** The operator has the rights of its package and no others: the server refuses what they do not cover. */
async function clientOfOperator(): Promise<KubeClient> {
  const name = 'operator';
  const [bundle] = Object.values(loggingPackage.bundles);
  const rules: unknown = bundle?.csv['spec'].install.spec.clusterPermissions[0].rules;
  await client.create(serviceaccounts, { metadata: { name, namespace: 'openshift-logging' } });
  await client.create(clusterroles, { metadata: { name }, rules });
  await client.create(clusterrolebindings, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'openshift-logging' }],
  });
  const request: KubeResource = { metadata: { name, namespace: 'openshift-logging' }, spec: {} };
  const { status } = await client.create(serviceaccounts, request, 'token');
  return createKubeClient({
    server: plane.plane.url,
    ca: plane.ca,
    token: status.token,
    userAgent: 'operator',
  });
}

beforeAll(async () => {
  plane = await startTestPlane();
  client = createKubeClient({ server: plane.plane.url, ca: plane.ca, token: ADMIN_TOKEN, userAgent: 'test' });
  for (const crd of loggingCrds) await client.create(resourceTypes.customresourcedefinitions, crd);
  await client.create(namespaces, { metadata: { name: 'apps' } });
  operatorClient = await clientOfOperator();
  operator = await startLoggingOperator({
    client: operatorClient,
    clock: systemClock,
    random: seededRandom(),
    logger: silentLogger,
    collectorImage: 'collector:1',
  });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await operatorClient[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  await plane[Symbol.asyncDispose]();
});

const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000, interval: 10 });

async function conditionsOf(
  type: typeof forwarders | typeof legacyForwarders,
  namespace: string,
  name: string,
) {
  const object = await client.get(type, { namespace, name });
  const found: { type: string; status: string; reason?: string; message?: string }[] =
    object['status']?.conditions ?? [];
  return Object.fromEntries(found.map((each) => [each.type, each]));
}

async function configOf(namespace: string, name: string): Promise<CollectorConfig> {
  const secret = await client.get(secrets, { namespace, name });
  return JSON.parse(Buffer.from(secret['data']['collector.json'], 'base64').toString('utf8'));
}

const legacy: KubeResource = {
  apiVersion: 'logging.openshift.io/v1',
  kind: 'ClusterLogForwarder',
  metadata: { name: 'instance', namespace: 'openshift-logging' },
  spec: {
    outputs: [
      {
        name: 'cw',
        type: 'cloudwatch',
        cloudwatch: { groupBy: 'namespaceName', groupPrefix: 'rosa-rosa', region: 'us-east-1' },
        secret: { name: 'cloudwatch-credentials' },
      },
    ],
    pipelines: [
      { name: 'to-cloudwatch', inputRefs: ['infrastructure', 'audit', 'application'], outputRefs: ['cw'] },
    ],
  },
};

test('the legacy forwarder waits for its Secret and its ClusterLogging, runs, and leaves nothing', async () => {
  const instance = { namespace: 'openshift-logging', name: 'instance' };
  await client.create(legacyForwarders, legacy);
  await eventually(
    async () => (await conditionsOf(legacyForwarders, 'openshift-logging', 'instance'))['Ready'],
  ).toMatchObject({
    status: 'False',
    message:
      "ClusterLogForwarder 'openshift-logging/instance' is dependent on a ClusterLogging instance with a valid spec.collector configuration",
  });
  await client.create(clusterLoggings, {
    apiVersion: 'logging.openshift.io/v1',
    kind: 'ClusterLogging',
    metadata: instance,
    spec: {
      collection: { logs: { type: 'fluentd' } },
      forwarder: { fluentd: {} },
      managementState: 'Managed',
    },
  });
  await eventually(
    async () => (await client.get(legacyForwarders, instance))['status']?.outputs?.cw?.[0],
  ).toMatchObject({
    status: 'False',
    reason: 'MissingResource',
    message: 'secret "cloudwatch-credentials" not found',
  });
  await client.create(secrets, {
    metadata: { name: 'cloudwatch-credentials', namespace: 'openshift-logging' },
    stringData: { role_arn: role },
  });
  await eventually(
    async () => (await conditionsOf(legacyForwarders, 'openshift-logging', 'instance'))['Ready']?.status,
  ).toBe('True');

  const config = await configOf('openshift-logging', 'collector-config');
  expect(config.outputs).toMatchObject([
    {
      names: { style: 'v1', groupBy: 'namespaceName', prefix: 'rosa-rosa' },
      authentication: {
        type: 'iamRole',
        roleArn: role,
        tokenFile: '/var/run/ocp-collector/serviceaccount/token',
      },
    },
  ]);
  expect(config.pipelines).toEqual([
    {
      name: 'to-cloudwatch',
      inputs: ['infrastructure', 'audit', 'application'],
      filters: [],
      outputs: ['cw'],
    },
  ]);
  const daemonSet = await client.get(daemonsets, { namespace: 'openshift-logging', name: 'collector' });
  expect(daemonSet['spec'].template.spec).toMatchObject({
    serviceAccountName: 'logcollector',
    containers: [{ image: 'collector:1', args: ['collector', 'run'] }],
  });
  expect(
    await client.find(serviceaccounts, { namespace: 'openshift-logging', name: 'logcollector' }),
  ).toBeDefined();
  const logging = await client.get(clusterLoggings, instance);
  expect(logging['status'].conditions).toContainEqual(
    expect.objectContaining({
      type: 'Deprecated',
      message: expect.stringContaining('spec.collection.logs.* is deprecated in favor of spec.collection.*'),
    }),
  );

  await client.delete(legacyForwarders, instance);
  await eventually(async () => {
    const { items } = await client.list(clusterrolebindings);
    return items.filter(({ metadata }) => metadata.name.startsWith('cluster-logging-openshift-logging'));
  }).toEqual([]);
});

test('a forwarder of logging 6 runs once its ServiceAccount may collect, and stops when it may not', async () => {
  const ref = { namespace: 'apps', name: 'my-forwarder' };
  await client.create(serviceaccounts, { metadata: { name: 'forwarding', namespace: 'apps' } });
  await client.create(secrets, {
    metadata: { name: 'aws', namespace: 'apps' },
    stringData: { credentials: `[default]\nrole_arn = ${role}\nweb_identity_token_file = /x` },
  });
  await client.create(forwarders, {
    apiVersion: 'observability.openshift.io/v1',
    kind: 'ClusterLogForwarder',
    metadata: ref,
    spec: {
      serviceAccount: { name: 'forwarding' },
      outputs: [
        {
          name: 'cw',
          type: 'cloudwatch',
          cloudwatch: {
            region: 'eu-west-1',
            groupName: 'rosa-{.log_type||"none"}',
            authentication: {
              type: 'iamRole',
              iamRole: {
                roleARN: { secretName: 'aws', key: 'credentials' },
                token: { from: 'serviceAccount' },
              },
            },
          },
        },
      ],
      pipelines: [{ name: 'all', inputRefs: ['application'], outputRefs: ['cw'] }],
    },
  });
  await eventually(async () => conditionsOf(forwarders, 'apps', 'my-forwarder')).toMatchObject({
    'observability.openshift.io/Authorized': {
      status: 'False',
      reason: 'ClusterRoleMissing',
      message: 'insufficient permissions on service account, not authorized to collect ["application"] logs',
    },
    'observability.openshift.io/Valid': { status: 'True', reason: 'ValidationSuccess' },
    Ready: { status: 'False', reason: 'ValidationFailure', message: 'collector not ready' },
  });
  expect(await client.find(daemonsets, ref)).toBeUndefined();

  await eventually(() => client.find(clusterroles, { name: 'collect-application-logs' })).toBeDefined();
  const binding = {
    metadata: { name: 'allow' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'collect-application-logs' },
    subjects: [{ kind: 'ServiceAccount', name: 'forwarding', namespace: 'apps' }],
  };
  await client.create(clusterrolebindings, binding);
  await eventually(
    async () => (await conditionsOf(forwarders, 'apps', 'my-forwarder'))['Ready']?.status,
  ).toBe('True');
  expect((await client.get(daemonsets, ref))['spec'].template.spec.serviceAccountName).toBe('forwarding');

  await client.create(configmaps, {
    metadata: {
      name: 'my-forwarder-report-n1',
      namespace: 'apps',
      labels: { 'pergola.dev/delivery-report': 'my-forwarder' },
    },
    data: { 'report.json': JSON.stringify(deniedReport) },
  });
  await client.create(resourceTypes.pods, collectorPod);
  await eventually(
    async () =>
      (await conditionsOf(forwarders, 'apps', 'my-forwarder'))['observability.openshift.io/Delivering'],
  ).toMatchObject({
    status: 'False',
    reason: 'AccessDenied',
    message: expect.stringContaining('logs:PutLogEvents'),
  });
  await eventually(async () => {
    const { items } = await client.list(resourceTypes.events, { namespace: 'apps' });
    return items.map(({ reason }) => reason);
  }).toContain('DeliveryFailed');

  await client.delete(clusterrolebindings, { name: 'allow' });
  await eventually(() => client.find(daemonsets, ref)).toBeUndefined();
});

const deniedReport = {
  version: 1,
  node: 'n1',
  // One of a node without a collector goes when it is an hour old.
  writtenAt: new Date(systemClock.nowMs()).toISOString(),
  namespaces: {},
  outputs: {
    cw: {
      deliveredEvents: 0,
      deliveredBytes: 0,
      backlogEvents: 5,
      backlogBytes: 500,
      rejectedEvents: {},
      retriedEvents: 0,
      failure: {
        since: '2026-11-27T17:59:00Z',
        reason: 'AccessDenied',
        message: 'not authorized to perform: logs:PutLogEvents',
        operation: 'logs:PutLogEvents',
        link: 'P1',
        evidence: { role, action: 'logs:PutLogEvents' },
      },
    },
  },
};

const collectorPod: KubeResource = {
  metadata: {
    name: 'my-forwarder-x1',
    namespace: 'apps',
    labels: {
      component: 'collector',
      'app.kubernetes.io/managed-by': 'cluster-logging-operator',
      'app.kubernetes.io/instance': 'my-forwarder',
    },
  },
  spec: { nodeName: 'n1', serviceAccountName: 'forwarding', containers: [{ name: 'collector', image: 'x' }] },
};
