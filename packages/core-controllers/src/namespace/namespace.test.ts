import { runSteps } from '@pergola/controller-kit';
import { KubeApiError, type KubeResource, type ResourceType, resourceTypes } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { caConfigMaps } from '../service-account/wanted.ts';
import { type NamespaceRun, namespaceSteps } from './reconcile.ts';

const { configmaps, pods, secrets } = resourceTypes;

/** A run over a namespace that holds `content`; `stubborn` objects do not go. */
function run(content: Map<ResourceType, KubeResource[]>, finalizeFault?: Error) {
  const log: string[] = [];
  const status: Record<string, unknown> = {};
  const context: NamespaceRun = {
    namespace: { metadata: { name: 'a' }, status: { phase: 'Terminating' } },
    nowMs: 0,
    remains: [],
    discover: async () => [pods, configmaps, secrets],
    empty: async (type) => {
      log.push(`empty ${type.plural}`);
      return content.get(type) ?? [];
    },
    patchStatus: async (next) => void Object.assign(status, next),
    finalize: async () => {
      log.push('finalize');
      if (finalizeFault) throw finalizeFault;
    },
  };
  return { log, status, result: runSteps(namespaceSteps, context) };
}

test('an empty namespace is let go', async () => {
  const { log, result } = run(new Map());
  expect(await result).toEqual({});
  expect(log[0]).toBe('empty pods');
  expect(log.at(-1)).toBe('finalize');
  expect(log).toContain('empty secrets');
});

test('a namespace that somebody else let go is done, any other failure is not', async () => {
  const gone = new KubeApiError(404, 'NotFound', 'namespaces "a" not found');
  expect(await run(new Map(), gone).result).toEqual({});
  const broken = new KubeApiError(500, 'InternalError', 'broken');
  await expect(run(new Map(), broken).result).rejects.toBe(broken);
});

test('while pods are left, nothing else goes', async () => {
  const { log, status, result } = run(new Map([[pods, [{ metadata: { name: 'p' } }]]]));
  expect(await result).toEqual({ requeueAfterMs: 500 });
  expect(log).toEqual(['empty pods']);
  expect(status['conditions']).toContainEqual({
    type: 'NamespaceContentRemaining',
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: 'Some resources are remaining: pods. has 1 resource instances',
    lastTransitionTime: '1970-01-01T00:00:00Z',
  });
});

test('finalizers that hold content are named', async () => {
  const held = { metadata: { name: 'x', finalizers: ['example.com/wait'] } };
  const { status, result } = run(new Map([[secrets, [held, held]]]));
  await result;
  expect(status['conditions']).toContainEqual(
    expect.objectContaining({
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      message:
        'Some content in the namespace has finalizers remaining: example.com/wait in 2 resource instances',
    }),
  );
});

test('the CA bundles of a namespace', () => {
  const [root, service] = caConfigMaps('a', { rootCa: 'ROOT', serviceCa: 'SERVICE' });
  expect(root).toMatchObject({
    metadata: { name: 'kube-root-ca.crt', namespace: 'a' },
    data: { 'ca.crt': 'ROOT' },
  });
  expect(service).toMatchObject({
    metadata: {
      name: 'openshift-service-ca.crt',
      annotations: { 'service.beta.openshift.io/inject-cabundle': 'true' },
    },
    data: { 'service-ca.crt': 'SERVICE' },
  });
});
