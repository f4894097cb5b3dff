// Ways around what a user may do: other verbs that create, roles that gather others, names that objects inherit.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlane, type TestPlane, USER_TOKEN } from './harness.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const as = { Authorization: `Bearer ${USER_TOKEN}` };
let test: TestPlane;

/** Lets jane do what the rules say, everywhere. */
async function grant(name: string, rules: object[]): Promise<void> {
  await test.call('POST', `${RBAC}/clusterroles`, { metadata: { name }, rules });
  await test.call('POST', `${RBAC}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { kind: 'ClusterRole', name },
    subjects: [{ kind: 'User', name: 'jane' }],
  });
}

beforeAll(async () => {
  test = await startTestPlane();
  const rbac = 'rbac.authorization.k8s.io';
  await grant('editor', [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch', 'update'] },
    { apiGroups: [rbac], resources: ['roles', 'clusterroles'], verbs: ['get', 'patch', 'update'] },
  ]);
});
afterAll(() => test[Symbol.asyncDispose]());

describe('an object is made only by who may create it', () => {
  const path = '/api/v1/namespaces/default/configmaps/made';
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made' } };
  const apply = (headers: Record<string, string>) =>
    test.call('PATCH', `${path}?fieldManager=test`, JSON.stringify(body), {
      ...headers,
      'Content-Type': 'application/apply-patch+yaml',
    });

  it('by apply', async () => {
    expect((await apply(as)).body).toMatchObject({
      code: 403,
      message:
        'configmaps "made" is forbidden: User "jane" cannot create resource "configmaps" in API group "" in the namespace "default"',
    });
    expect((await apply({})).status).toBe(201);
    expect((await apply(as)).status).toBe(200);
  });

  it('by update, of kinds that an update may make', async () => {
    const role = { metadata: { name: 'made' }, rules: [] };
    const url = `${RBAC}/namespaces/default/roles/made`;
    expect((await test.call('PUT', url, role, as)).status).toBe(403);
    expect((await test.call('PUT', url, role)).status).toBe(201);
    expect((await test.call('PUT', url, role, as)).status).toBe(200);
  });
});

describe('the right to list one name', () => {
  it('is not stretched by a selector that only looks like that name', async () => {
    const secrets = '/api/v1/namespaces/default/secrets';
    for (const name of ['mine', 'theirs']) await test.call('POST', secrets, { metadata: { name } });
    await grant('one-secret', [
      { apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'], resourceNames: ['mine'] },
    ]);
    const list = (selector: string) =>
      test.call('GET', `${secrets}?fieldSelector=${encodeURIComponent(selector)}`, undefined, as);
    const mine = await list('metadata.name=mine');
    expect(mine.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([
      'mine',
    ]);
    for (const selector of [
      'metadata.namespace!=x\\,metadata.name=mine',
      'metadata.name!=mine',
      'metadata.name=theirs',
      '',
    ])
      expect((await list(selector)).status, selector).toBe(403);
  });
});

describe('aggregation', () => {
  const aggregationRule = {
    clusterRoleSelectors: [{ matchLabels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } }],
  };
  const change = (headers: Record<string, string>) =>
    test.call('PATCH', `${RBAC}/clusterroles/editor`, JSON.stringify({ aggregationRule }), {
      ...headers,
      'Content-Type': 'application/merge-patch+json',
    });

  it('is for those who hold everything', async () => {
    expect((await change(as)).body).toMatchObject({
      code: 403,
      message:
        'clusterroles.rbac.authorization.k8s.io "editor" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    });
    expect((await test.call('GET', '/api/v1/nodes', undefined, as)).status).toBe(403);
  });

  it('is for those who may escalate', async () => {
    await grant('escalator', [
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['escalate'] },
    ]);
    expect((await change(as)).status).toBe(200);
  });
});

describe('ephemeral containers', () => {
  const pods = '/api/v1/namespaces/default/pods';
  const container = (name: string, image = 'i') => ({ name, image });
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  const debug = (...ephemeralContainers: object[]) =>
    test.call(
      'PATCH',
      `${pods}/debugged/ephemeralcontainers`,
      JSON.stringify({ spec: { ephemeralContainers } }),
      merge,
    );
  const causes = (answer: { body: { details: { causes: { field: string; message: string }[] } } }) =>
    answer.body.details.causes.map(({ field, message }) => `${field}: ${message}`);

  it('come one by one, under names that are folders, and stay as they came', async () => {
    await test.call('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    const pod = { metadata: { name: 'debugged' }, spec: { containers: [container('main')] } };
    const born = { ...pod, spec: { ...pod.spec, ephemeralContainers: [container('debug')] } };
    expect(causes(await test.call('POST', pods, born))).toEqual([
      'spec.ephemeralContainers: Forbidden: cannot be set on create',
    ]);
    expect((await test.call('POST', pods, pod)).status).toBe(201);
    expect((await debug(container('../../../../../tmp/x'))).body).toMatchObject({
      code: 422,
      reason: 'Invalid',
    });
    expect((await debug(container('main'))).status).toBe(422);
    expect((await debug(container('debug'))).status).toBe(200);
    expect(causes(await debug(container('debug', 'other')))).toEqual([
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be changed',
    ]);
    expect(causes(await debug())).toEqual([
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed',
    ]);
    expect((await debug(container('debug'), container('more'))).status).toBe(200);
  });
});

describe('names that every object of the language inherits', () => {
  it('are no subresources', async () => {
    for (const name of ['constructor', 'toString', '__proto__'])
      expect((await test.call('GET', `/api/v1/namespaces/default/pods/x/${name}`)).status, name).toBe(404);
  });

  it('are no fields of anything else when a CRD names them', async () => {
    const versions = [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: {
          scale: { specReplicasPath: '.spec.__proto__.polluted', statusReplicasPath: '.status.replicas' },
        },
      },
    ];
    const names = { plural: 'things', kind: 'Thing' };
    await test.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: 'things.example.com' },
      spec: { group: 'example.com', scope: 'Namespaced', names, versions },
    });
    const url = '/apis/example.com/v1/namespaces/default/things';
    const thing = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' }, spec: {} };
    await test.call('POST', url, thing);
    await test.call('PATCH', `${url}/x/scale`, JSON.stringify({ spec: { replicas: 7 } }), {
      'Content-Type': 'application/merge-patch+json',
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
