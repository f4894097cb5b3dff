import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from './harness.ts';

let test: TestPlane;
beforeAll(async () => {
  test = await startTestPlane();
});
afterAll(() => test[Symbol.asyncDispose]());

it('serves @kubernetes/client-node: typed calls, errors and an informer', async () => {
  const k8s = await import('@kubernetes/client-node');
  const config = new k8s.KubeConfig();
  config.loadFromFile(test.kubeconfig);
  const core = config.makeApiClient(k8s.CoreV1Api);
  const names: string[] = [];
  const informer = k8s.makeInformer(config, '/api/v1/namespaces/default/configmaps', () =>
    core.listNamespacedConfigMap({ namespace: 'default' }),
  );
  const added = new Promise<void>((resolve) => {
    informer.on('add', (object) => {
      names.push(object.metadata?.name ?? '');
      if (names.length === 2) resolve();
    });
  });
  informer.on('error', () => {});
  const make = (name: string) =>
    core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name }, data: { a: 'b' } } });
  const made = await make('one');
  expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date);
  await informer.start();
  await make('two');
  await added;
  await informer.stop();
  expect(names).toEqual(['one', 'two']);
  await expect(core.readNamespacedConfigMap({ namespace: 'default', name: 'zz' })).rejects.toMatchObject({
    code: 404,
  });
  const replaced = await core.replaceNamespacedConfigMap({
    namespace: 'default',
    name: 'one',
    body: { ...made, data: { a: 'c' } },
  });
  expect(replaced.data).toEqual({ a: 'c' });
});
