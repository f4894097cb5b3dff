import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from './harness.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const GADGETS = 'apis/example.com/v1';
let test: TestPlane;

beforeAll(async () => {
  test = await startTestPlane();
  const made = await test.call('POST', CRDS, {
    metadata: { name: 'gadgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'gadgets', kind: 'Gadget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema('string') } }],
    },
  });
  expect(made.status, made.text).toBe(201);
});
afterAll(() => test[Symbol.asyncDispose]());

function schema(type: string) {
  return {
    type: 'object',
    properties: { spec: { type: 'object', properties: { size: { type } } } },
  };
}

/** URLs by path, and the texts that they lead to. */
async function documents(): Promise<{ urls: Record<string, string>; texts: Record<string, string> }> {
  const { body } = await test.call('GET', '/openapi/v3');
  const urls: Record<string, string> = {};
  const texts: Record<string, string> = {};
  for (const [path, entry] of Object.entries<{ serverRelativeURL: string }>(body.paths)) {
    urls[path] = entry.serverRelativeURL;
    texts[path] = (await test.call('GET', entry.serverRelativeURL)).text;
  }
  return { urls, texts };
}

const change = (patch: object) =>
  test.call('PATCH', `${CRDS}/gadgets.example.com`, patch, {
    'Content-Type': 'application/merge-patch+json',
  });

it('gives a document another hash exactly when it changes', async () => {
  const before = await documents();
  expect(Object.keys(before.urls).length).toBeGreaterThan(15);
  await change({ spec: { names: { shortNames: ['gd'] } } });
  expect(await documents()).toEqual(before);
  const versions = [
    { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema('integer') } },
  ];
  expect((await change({ spec: { versions } })).status).toBe(200);
  const after = await documents();
  for (const path of Object.keys(before.urls)) {
    const isSame = after.texts[path] === before.texts[path];
    expect(isSame, path).toBe(path !== GADGETS);
    expect(after.urls[path] === before.urls[path], path).toBe(isSame);
  }
});

it('lets clients keep what is named by its hash, and ask whether the rest has changed', async () => {
  const { body } = await test.call('GET', '/openapi/v3');
  const named = await test.call('GET', body.paths['api/v1'].serverRelativeURL);
  expect(named.headers['cache-control']).toContain('immutable');
  const plain = await test.call('GET', '/openapi/v3/api/v1');
  expect(plain.headers['cache-control']).not.toContain('immutable');
  expect(plain.text).toBe(named.text);
  const again = await test.call('GET', '/openapi/v3/api/v1', undefined, {
    'If-None-Match': String(plain.headers['etag']),
  });
  expect([again.status, again.text]).toEqual([304, '']);
  expect((await test.call('GET', '/openapi/v3/apis/none.example.com/v1')).status).toBe(404);
});
