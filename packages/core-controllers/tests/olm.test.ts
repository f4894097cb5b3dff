// The Operator Lifecycle Manager over a cluster in memory: from a Subscription to a running operator, upgrades, refusals, and
// what is left after it has gone.
import { type FakeClock, fakeClock, seededRandom, silentLogger } from '@pergola/kernel';
import { KubeApiError, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OperatorPackage, startCoreControllers } from '../src/index.ts';
import { olmTypes } from '../src/olm/kinds.ts';
import { MemoryCluster } from './memory-cluster.ts';

const { subscriptions, installPlans, clusterServiceVersions, operatorGroups, packageManifests } = olmTypes;
const { clusterroles, clusterrolebindings, customresourcedefinitions, deployments, namespaces, nodes, pods } =
  resourceTypes;

const crd = { metadata: { name: 'roses.garden.io' }, spec: { group: 'garden.io', versions: [] } };

function csv(name: string, version: string, more: object = {}): object {
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
    metadata: { name, namespace: 'placeholder', annotations: { 'olm.skipRange': '>=1.0.0 <2.0.0-0' } },
    spec: {
      displayName: 'Rose',
      version,
      installModes: [{ type: 'OwnNamespace', supported: true }],
      customresourcedefinitions: { owned: [{ name: 'roses.garden.io', version: 'v1', kind: 'Rose' }] },
      install: {
        strategy: 'deployment',
        spec: {
          permissions: [
            {
              serviceAccountName: 'rose-operator',
              rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
            },
          ],
          clusterPermissions: [
            {
              serviceAccountName: 'rose-operator',
              rules: [{ apiGroups: ['garden.io'], resources: ['*'], verbs: ['*'] }],
            },
          ],
          deployments: [
            {
              name: 'rose-operator',
              spec: {
                replicas: 1,
                selector: { matchLabels: { name: 'rose-operator' } },
                template: {
                  metadata: { labels: { name: 'rose-operator' } },
                  spec: {
                    serviceAccountName: 'rose-operator',
                    containers: [{ name: 'operator', image: `rose:${version}` }],
                  },
                },
              },
            },
          ],
        },
      },
      ...more,
    },
  };
}

const bundle = (value: object) => ({ csv: value, crds: [crd] });
const catalog: readonly OperatorPackage[] = [
  {
    name: 'rose',
    displayName: 'Rose Operator',
    defaultChannel: 'stable',
    channels: [
      { name: 'stable', csv: 'rose.v1.1.0' },
      { name: 'stable-2', csv: 'rose.v2.0.0' },
    ],
    bundles: {
      'rose.v1.0.0': bundle(csv('rose.v1.0.0', '1.0.0')),
      'rose.v1.1.0': bundle(csv('rose.v1.1.0', '1.1.0', { replaces: 'rose.v1.0.0' })),
      'rose.v2.0.0': bundle(csv('rose.v2.0.0', '2.0.0', { replaces: 'rose.v1.1.0' })),
    },
  },
];

/** A client of which one write in three fails while `faulty`, before or after it was done. */
function unreliable(client: KubeClient): KubeClient {
  const random = seededRandom(7);
  const writes = new Set(['create', 'update', 'patch', 'delete']);
  return new Proxy(client, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...words: unknown[]) => Promise<unknown>;
      if (!writes.has(String(name))) return method;
      return async (...words: unknown[]) => {
        const fate = faulty ? random.fraction() : 1;
        if (fate < 1 / 6) throw new KubeApiError(500, 'InternalError', 'before');
        const done = await method(...words);
        if (fate < 1 / 3) throw new KubeApiError(0, 'TransportFailure', 'after');
        return done;
      };
    },
  });
}

let faulty: boolean;
let cluster: MemoryCluster;
let clock: FakeClock;
let controllers: AsyncDisposable;

beforeEach(async () => {
  faulty = false;
  cluster = new MemoryCluster();
  clock = fakeClock();
  for (const name of ['openshift-logging', 'openshift-operators', 'openshift-marketplace'])
    cluster.create(namespaces, { metadata: { name }, spec: { finalizers: ['kubernetes'] } });
  cluster.create(nodes, { metadata: { name: 'n1' } });
  controllers = await startCoreControllers({
    client: unreliable(cluster.client()),
    clock,
    random: seededRandom(),
    logger: silentLogger,
    rootCa: 'CA',
    catalog,
  });
});
afterEach(() => controllers[Symbol.asyncDispose]());

const namespace = 'openshift-logging';

function subscribe(spec: object = {}, within = namespace): void {
  cluster.create(subscriptions, {
    metadata: { name: 'rose', namespace: within },
    spec: { name: 'rose', source: 'redhat-operators', sourceNamespace: 'openshift-marketplace', ...spec },
  });
}

/** What a kubelet would say of every bound pod. */
function runPods(): void {
  for (const pod of cluster.all(pods).filter(({ spec, status }) => spec?.nodeName && !status?.phase)) {
    cluster.patch(pods, pod.metadata, {
      status: { phase: 'Running', podIP: '127.0.0.2', conditions: [{ type: 'Ready', status: 'True' }] },
    });
  }
}

/** Lets the controllers work, moving time a little, until `look` finds what is wanted. */
async function until<T>(look: () => T | undefined | false, what: string): Promise<T> {
  for (let i = 0; i < 3_000; i++) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(20);
    runPods();
  }
  throw new Error(`${what} did not come: ${JSON.stringify(state(), undefined, 1)}`);
}

const state = () =>
  [subscriptions, installPlans, clusterServiceVersions].flatMap((type) =>
    cluster.all(type).map(({ kind, metadata, status }) => ({ kind, name: metadata.name, status })),
  );
const csvNamed = (name: string, within = namespace) =>
  cluster.get(clusterServiceVersions, { name, namespace: within });
const succeeded = (name: string) =>
  until(() => csvNamed(name)?.['status']?.phase === 'Succeeded' && csvNamed(name), `${name} Succeeded`);
/** A role of the operator's own account. */
const isOperators = ({ metadata }: KubeResource) => metadata.name.startsWith('rose.v');
const subscription = () => cluster.get(subscriptions, { name: 'rose', namespace }) as KubeResource;
const condition = (type: string) =>
  subscription()?.['status']?.conditions?.find((each: { type: string }) => each.type === type);

test('a Subscription becomes definitions, rights, a Deployment and a ClusterServiceVersion that Succeeded', async () => {
  subscribe({ channel: 'stable', config: { env: [{ name: 'COLOUR', value: 'red' }] } });
  const installed = await succeeded('rose.v1.1.0');
  expect(installed['status'].conditions.map((each: { phase: string }) => each.phase)).toEqual([
    'Pending',
    'InstallReady',
    'Installing',
    ...installed['status'].conditions.slice(3).map((each: { phase: string }) => each.phase),
  ]);
  expect(installed['status']).toMatchObject({
    reason: 'InstallSucceeded',
    message: 'install strategy completed with no errors',
  });
  expect(installed.metadata.annotations).toMatchObject({
    'olm.operatorGroup': 'openshift-logging',
    'olm.targetNamespaces': 'openshift-logging',
  });
  const deployment = cluster.get(deployments, { name: 'rose-operator', namespace });
  expect(deployment?.['spec'].template.spec.containers[0].env).toEqual([
    { name: 'OPERATOR_CONDITION_NAME', value: 'rose.v1.1.0' },
    { name: 'COLOUR', value: 'red' },
  ]);
  expect(cluster.get(customresourcedefinitions, crd.metadata)).toBeDefined();
  expect(cluster.all(clusterroles).filter(isOperators)).toHaveLength(1);
  // Whoever may edit in a namespace may use the new kind there.
  const rights = (role: string) =>
    cluster.all(clusterroles).find(({ metadata }) => metadata.name === `roses.garden.io-v1-${role}`);
  expect(rights('edit')).toMatchObject({
    metadata: {
      labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true', 'olm.owner': 'rose.v1.1.0' },
    },
    rules: [
      { apiGroups: ['garden.io'], resources: ['roses'], verbs: ['create', 'update', 'patch', 'delete'] },
    ],
  });
  expect(['admin', 'view', 'crdview'].map(rights)).not.toContain(undefined);
  await until(() => subscription()['status'].state === 'AtLatestKnown', 'AtLatestKnown');
  expect(subscription()['status']).toMatchObject({
    currentCSV: 'rose.v1.1.0',
    installedCSV: 'rose.v1.1.0',
    installPlanRef: { kind: 'InstallPlan' },
  });
  expect(cluster.all(installPlans)).toMatchObject([
    { spec: { approval: 'Automatic', approved: true }, status: { phase: 'Complete' } },
  ]);
  await until(() => cluster.all(packageManifests).length === 1, 'the package');
  expect(cluster.all(packageManifests)[0]?.['status'].channels[1]).toMatchObject({
    currentCSV: 'rose.v2.0.0',
  });
});

test('a manual Subscription waits for approval', async () => {
  subscribe({ installPlanApproval: 'Manual' });
  const plan = await until(
    () => cluster.all(installPlans).find(({ status }) => status?.phase === 'RequiresApproval'),
    'RequiresApproval',
  );
  await until(() => condition('InstallPlanPending')?.reason === 'RequiresApproval', 'InstallPlanPending');
  expect(cluster.all(clusterServiceVersions)).toEqual([]);
  cluster.patch(installPlans, plan.metadata, { spec: { approved: true } });
  await succeeded('rose.v1.1.0');
  await until(() => condition('InstallPlanPending') === undefined, 'no InstallPlanPending');
});

test.each([
  [{ name: 'tulip' }, 'no operators found in package tulip in the catalog referenced by subscription rose'],
  [
    { channel: 'fast' },
    'no operators found in channel fast of package rose in the catalog referenced by subscription rose',
  ],
  [
    { startingCSV: 'rose.v9' },
    'no operators found with name rose.v9 in channel stable of package rose in the catalog referenced by subscription rose',
  ],
  [
    { source: 'mine' },
    'no operators found from catalog mine in namespace openshift-marketplace referenced by subscription rose',
  ],
])('%j is not resolved, and OLM says why', async (spec, sentence) => {
  subscribe(spec);
  const told = await until(() => condition('ResolutionFailed'), 'ResolutionFailed');
  expect(told).toMatchObject({
    status: 'True',
    reason: 'ConstraintsNotSatisfiable',
    message: `constraints not satisfiable: ${sentence}, subscription rose exists`,
  });
  expect(cluster.all(installPlans)).toEqual([]);
  cluster.patch(subscriptions, subscription().metadata, {
    spec: { name: 'rose', channel: 'stable', source: 'redhat-operators', startingCSV: null },
  });
  await succeeded('rose.v1.1.0');
  expect(condition('ResolutionFailed')).toBeUndefined();
});

test('from startingCSV to the head, and over a change of channel, each replaces the one before', async () => {
  subscribe({ channel: 'stable', startingCSV: 'rose.v1.0.0' });
  await until(() => csvNamed('rose.v1.0.0'), 'the first');
  await succeeded('rose.v1.1.0');
  await until(() => !csvNamed('rose.v1.0.0'), 'the first to go');
  cluster.patch(subscriptions, subscription().metadata, { spec: { channel: 'stable-2' } });
  await succeeded('rose.v2.0.0');
  await until(() => !csvNamed('rose.v1.1.0'), 'the second to go');
  const image = () =>
    cluster.get(deployments, { name: 'rose-operator', namespace })?.['spec'].template.spec.containers[0]
      .image;
  expect(image()).toBe('rose:2.0.0');
  await until(
    () => cluster.all(clusterroles).filter(isOperators).length === 1,
    'only the last one has rights',
  );
});

test('deleting the Subscription leaves the operator; deleting the ClusterServiceVersion takes all but its kinds', async () => {
  subscribe();
  const installed = await succeeded('rose.v1.1.0');
  cluster.delete(subscriptions, subscription().metadata);
  await until(() => cluster.all(installPlans).length === 0, 'the plan to be collected');
  expect(csvNamed('rose.v1.1.0')?.['status'].phase).toBe('Succeeded');
  cluster.delete(clusterServiceVersions, installed.metadata);
  await until(() => !csvNamed('rose.v1.1.0'), 'its end');
  await until(
    () => cluster.all(deployments).length === 0 && cluster.all(pods).length === 0,
    'its pods to go',
  );
  expect([...cluster.all(clusterroles), ...cluster.all(clusterrolebindings)]).toEqual([]);
  expect(cluster.get(customresourcedefinitions, crd.metadata)).toBeDefined();
});

test('exactly one OperatorGroup that fits is needed', async () => {
  subscribe({}, 'openshift-operators');
  const failed = (reason: string) =>
    until(() => {
      const found = csvNamed('rose.v1.1.0', 'openshift-operators');
      return found?.['status']?.reason === reason && found;
    }, reason);
  expect((await failed('UnsupportedOperatorGroup'))['status'].message).toBe(
    'AllNamespaces InstallModeType not supported, cannot configure to watch all namespaces',
  );
  const own = {
    metadata: { name: 'own', namespace: 'openshift-operators' },
    spec: { targetNamespaces: ['openshift-operators'] },
  };
  cluster.create(operatorGroups, own);
  expect((await failed('TooManyOperatorGroups'))['status'].phase).toBe('Failed');
  for (const group of cluster
    .all(operatorGroups)
    .filter((each) => each.metadata.namespace === 'openshift-operators'))
    cluster.delete(operatorGroups, group.metadata);
  expect((await failed('NoOperatorGroup'))['status'].message).toBe('csv in namespace with no operatorgroups');
  cluster.create(operatorGroups, own);
  await failed('InstallSucceeded');
});

test('without an OperatorGroup the plan says so, and fails after a minute', async () => {
  cluster.create(namespaces, { metadata: { name: 'bare' }, spec: { finalizers: ['kubernetes'] } });
  subscribe({}, 'bare');
  const message =
    'attenuated service account query failed - no operator group found that is managing this namespace';
  await until(() => cluster.all(installPlans)[0]?.['status']?.message === message, 'the message');
  clock.advance(61_000);
  await until(() => cluster.all(installPlans)[0]?.['status']?.phase === 'Failed', 'the failure');
  expect(cluster.all(installPlans)[0]?.['status'].conditions).toMatchObject([
    {
      type: 'Installed',
      status: 'False',
      reason: 'InstallComponentFailed',
      message: `retry deadline exceeded: ${message}`,
    },
  ]);
});

test('an operator whose definition was taken away says so, and goes on when it is back', async () => {
  subscribe();
  await succeeded('rose.v1.1.0');
  cluster.delete(customresourcedefinitions, crd.metadata);
  await until(
    () => csvNamed('rose.v1.1.0')?.['status'].reason === 'RequirementsNotMet',
    'RequirementsNotMet',
  );
  expect(csvNamed('rose.v1.1.0')?.['status'].requirementStatus).toContainEqual(
    expect.objectContaining({ name: 'roses.garden.io', status: 'NotPresent', message: 'CRD is not present' }),
  );
  cluster.create(customresourcedefinitions, crd);
  await succeeded('rose.v1.1.0');
});

test('an operator whose Deployment was taken away is put back', async () => {
  subscribe();
  await succeeded('rose.v1.1.0');
  cluster.delete(deployments, { name: 'rose-operator', namespace });
  await until(() => csvNamed('rose.v1.1.0')?.['status'].phase !== 'Succeeded', 'notice');
  await succeeded('rose.v1.1.0');
  expect(csvNamed('rose.v1.1.0')?.['status'].conditions).toContainEqual(
    expect.objectContaining({
      phase: 'Failed',
      reason: 'ComponentUnhealthy',
      message:
        'installing: waiting for deployment rose-operator to become ready: deployment "rose-operator" not found',
    }),
  );
});

test('an API server that fails every third write keeps no operator from its installation, upgrade and end', async () => {
  faulty = true;
  subscribe({ channel: 'stable', startingCSV: 'rose.v1.0.0' });
  await succeeded('rose.v1.1.0');
  cluster.patch(subscriptions, subscription().metadata, { spec: { channel: 'stable-2' } });
  const last = await succeeded('rose.v2.0.0');
  await until(() => cluster.all(clusterServiceVersions).length === 1, 'the former ones to go');
  const planned = cluster.all(installPlans).flatMap(({ spec }) => spec.clusterServiceVersionNames);
  expect(planned).toHaveLength(3);
  expect(new Set(planned)).toEqual(new Set(['rose.v1.0.0', 'rose.v1.1.0', 'rose.v2.0.0']));
  cluster.delete(clusterServiceVersions, last.metadata);
  await until(
    () => [deployments, clusterroles, clusterrolebindings].every((type) => cluster.all(type).length === 0),
    'everything to go',
  );
});
