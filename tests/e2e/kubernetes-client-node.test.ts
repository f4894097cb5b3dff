// @kubernetes/client-node against a sandbox: list, informer, exec, and server-side apply.
import { PassThrough } from 'node:stream';
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  type V1ConfigMap,
  type V1Status,
} from '@kubernetes/client-node';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';

const namespace = 'client-node';
let sandbox: Sandbox;
let config: KubeConfig;
let core: CoreV1Api;
beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
  config = new KubeConfig();
  config.loadFromFile(sandbox.environment['KUBECONFIG'] ?? '');
  core = config.makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

it('creates, lists page by page, and reads errors', async () => {
  for (const name of ['a', 'b', 'c']) {
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels: { set: 'x' } } } });
  }
  const first = await core.listNamespacedConfigMap({ namespace, labelSelector: 'set=x', limit: 2 });
  expect(first.items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b']);
  expect(first.metadata?._continue).toBeTruthy();
  const rest = await core.listNamespacedConfigMap({
    namespace,
    labelSelector: 'set=x',
    limit: 2,
    ...(first.metadata?._continue ? { _continue: first.metadata._continue } : {}),
  });
  expect(rest.items.map(({ metadata }) => metadata?.name)).toEqual(['c']);
  await expect(core.readNamespacedConfigMap({ namespace, name: 'none' })).rejects.toMatchObject({
    code: 404,
  });
});

it('keeps an informer in step', async () => {
  const seen: string[] = [];
  const informer = makeInformer<V1ConfigMap>(config, `/api/v1/namespaces/${namespace}/configmaps`, () =>
    core.listNamespacedConfigMap({ namespace }),
  );
  informer.on('add', ({ metadata }) => seen.push(`add ${metadata?.name}`));
  informer.on('update', ({ metadata }) => seen.push(`update ${metadata?.name}`));
  informer.on('delete', ({ metadata }) => seen.push(`delete ${metadata?.name}`));
  await informer.start();
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'live' } } });
  const live = await core.readNamespacedConfigMap({ namespace, name: 'live' });
  await core.replaceNamespacedConfigMap({
    namespace,
    name: 'live',
    body: Object.assign(live, { data: { k: 'v' } }),
  });
  await core.deleteNamespacedConfigMap({ namespace, name: 'live' });
  await expect
    .poll(() => seen, { timeout: 10_000 })
    .toEqual(expect.arrayContaining(['add live', 'update live', 'delete live']));
  await informer.stop();
});

it('applies by patch, runs a Deployment, and executes in its pod', async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const web = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'c', image: 'busybox', command: ['sleep', '1000'] }],
        },
      },
    },
  };
  await objects.patch(web, undefined, undefined, 'tests', true, PatchStrategy.ServerSideApply);
  const apps = config.makeApiClient(AppsV1Api);
  await expect
    .poll(
      async () => (await apps.readNamespacedDeployment({ namespace, name: 'web' })).status?.readyReplicas,
      { timeout: 20_000 },
    )
    .toBe(1);
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec(
        namespace,
        items[0]?.metadata?.name ?? '',
        'c',
        ['sh', '-c', 'cat; echo err >&2; exit 5'],
        stdout,
        stderr,
        PassThrough.from(['in']),
        false,
        resolve,
      )
      .catch(reject);
  });
  expect(status.details?.causes).toEqual([{ reason: 'ExitCode', message: '5' }]);
  expect(String(stdout.read())).toBe('in');
  expect(String(stderr.read())).toBe('err\n');
});
