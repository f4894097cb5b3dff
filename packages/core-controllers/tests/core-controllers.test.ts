// All controllers together over a cluster in memory: from a wish to bound pods, and back to nothing.
import { fakeClock, seededRandom, silentLogger } from '@pergola/kernel';
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { startCoreControllers } from '../src/index.ts';
import { MemoryCluster } from './memory-cluster.ts';

const {
  configmaps,
  deployments,
  endpoints,
  jobs,
  namespaces,
  nodes,
  pods,
  replicasets,
  serviceaccounts,
  services,
} = resourceTypes;

async function start() {
  const cluster = new MemoryCluster();
  const clock = fakeClock();
  cluster.create(namespaces, { metadata: { name: 'a' }, spec: { finalizers: ['kubernetes'] } });
  cluster.create(nodes, { metadata: { name: 'n1' } });
  const controllers = await startCoreControllers({
    client: cluster.client(),
    clock,
    random: seededRandom(),
    logger: silentLogger,
    rootCa: 'CA',
  });
  /** Lets the controllers work, moving time a little, until `holds`. */
  const until = async (what: string, holds: () => boolean) => {
    for (let i = 0; i < 2_000 && !holds(); i++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(10);
    }
    expect(holds(), what).toBe(true);
  };
  /** What a kubelet would say of every bound pod. */
  const runPods = (phase = 'Running') => {
    for (const pod of cluster.all(pods).filter(({ spec, status }) => spec?.nodeName && !status?.phase)) {
      cluster.patch(pods, pod.metadata, {
        status: { phase, podIP: '127.0.0.2', conditions: [{ type: 'Ready', status: 'True' }] },
      });
    }
  };
  return { cluster, controllers, until, runPods };
}

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: 'one' }] },
};
const deployment: KubeResource = {
  metadata: { name: 'web', namespace: 'a' },
  spec: { replicas: 2, progressDeadlineSeconds: 600, selector: { matchLabels: { app: 'web' } }, template },
};

test('a namespace is furnished; a Deployment becomes bound pods with endpoints; its deletion takes all of it', async () => {
  const { cluster, controllers, until, runPods } = await start();
  await until('accounts', () => cluster.all(serviceaccounts).length === 3);
  await until('CA bundles', () => cluster.all(configmaps).length === 2);

  cluster.create(deployments, deployment);
  cluster.create(services, {
    metadata: { name: 'web', namespace: 'a' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  await until(
    'bound pods',
    () => cluster.all(pods).filter(({ spec }) => spec?.nodeName === 'n1').length === 2,
  );
  runPods();
  await until(
    'availability',
    () => cluster.get(deployments, deployment.metadata)?.status?.availableReplicas === 2,
  );
  await until(
    'endpoints',
    () => cluster.get(endpoints, deployment.metadata)?.subsets?.[0]?.addresses?.length === 2,
  );

  cluster.delete(deployments, deployment.metadata);
  await until('collection', () => cluster.all(pods).length + cluster.all(replicasets).length === 0);
  await controllers[Symbol.asyncDispose]();
});

test('foreground deletion goes from the pods up, orphaning leaves them', async () => {
  const { cluster, controllers, until, runPods } = await start();
  cluster.create(deployments, deployment);
  await until('pods', () => cluster.all(pods).length === 2);
  runPods();
  await until(
    'discovery',
    () => cluster.get(deployments, deployment.metadata)?.status?.availableReplicas === 2,
  );
  cluster.delete(deployments, deployment.metadata, 'Foreground');
  await until(
    'everything gone',
    () => cluster.all(pods).length === 0 && cluster.all(deployments).length === 0,
  );
  expect(cluster.all(replicasets)).toEqual([]);

  cluster.create(deployments, deployment);
  await until('pods again', () => cluster.all(pods).length === 2);
  cluster.delete(deployments, deployment.metadata, 'Orphan');
  await until('only the Deployment gone', () => cluster.all(deployments).length === 0);
  expect(cluster.all(pods)).toHaveLength(2);
  expect(cluster.all(replicasets)[0]?.metadata.ownerReferences).toEqual([]);
  await controllers[Symbol.asyncDispose]();
});

test('a deleted pod is replaced; a Job ends; a deleted namespace is emptied', async () => {
  const { cluster, controllers, until, runPods } = await start();
  cluster.create(deployments, deployment);
  await until('pods', () => cluster.all(pods).length === 2);
  const [victim] = cluster.all(pods);
  if (victim) cluster.delete(pods, victim.metadata);
  await until(
    'a new pod',
    () =>
      cluster.all(pods).length === 2 &&
      !cluster.all(pods).some((p) => p.metadata.uid === victim?.metadata.uid),
  );

  const spec = { completions: 1, parallelism: 1, selector: { matchLabels: { job: 'j' } } };
  const jobTemplate = { ...template, metadata: { labels: { job: 'j' } } };
  cluster.create(jobs, { metadata: { name: 'j', namespace: 'a' }, spec: { ...spec, template: jobTemplate } });
  await until('a bound job pod', () => cluster.all(pods).filter(({ spec }) => spec?.nodeName).length === 3);
  runPods('Succeeded');
  await until(
    'the end',
    () => cluster.get(jobs, { name: 'j', namespace: 'a' })?.status?.conditions?.[0]?.type === 'Complete',
  );

  const space = cluster.get(namespaces, { name: 'a' });
  if (space) {
    const metadata = {
      ...space.metadata,
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['test/hold'],
    };
    cluster.write(namespaces, { ...space, metadata });
  }
  await until('the namespace gone', () => cluster.all(namespaces).length === 0);
  expect(cluster.all(pods)).toEqual([]);
  expect(cluster.all(deployments)).toEqual([]);
  await controllers[Symbol.asyncDispose]();
});
