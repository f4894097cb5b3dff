import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from './harness.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';
const merge = { 'Content-Type': 'application/merge-patch+json' };
let test: TestPlane;

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1 },
        colour: { type: 'string', default: 'red' },
        replicas: { type: 'integer' },
      },
    },
    status: { type: 'object', properties: { ready: { type: 'boolean' }, replicas: { type: 'integer' } } },
  },
};

const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
      },
      { name: 'v1beta1', served: true, storage: false, schema: { openAPIV3Schema: schema } },
    ],
  },
};

beforeAll(async () => {
  test = await startTestPlane();
  const made = await test.call('POST', CRDS, crd);
  expect(made.status, made.text).toBe(201);
});
afterAll(() => test[Symbol.asyncDispose]());

it('is established and discovered at once', async () => {
  const { body } = await test.call('GET', `${CRDS}/widgets.example.com`);
  const conditions = Object.fromEntries(
    body.status.conditions.map((each: { type: string; status: string }) => [each.type, each.status]),
  );
  expect(conditions).toEqual({ NamesAccepted: 'True', Established: 'True' });
  expect(body.status.storedVersions).toEqual(['v1']);
  const { body: resources } = await test.call('GET', '/apis/example.com/v1');
  expect(resources.resources.map((each: { name: string }) => each.name)).toEqual([
    'widgets',
    'widgets/status',
    'widgets/scale',
  ]);
  const { body: index } = await test.call('GET', '/openapi/v3');
  const document = await test.call('GET', index.paths['apis/example.com/v1'].serverRelativeURL);
  expect(document.headers['cache-control']).toContain('immutable');
  expect(Object.keys(document.body.paths)).toContain(
    '/apis/example.com/v1/namespaces/{namespace}/widgets/{name}',
  );
});

it('prunes, defaults and validates', async () => {
  const { body, status } = await test.call('POST', WIDGETS, {
    metadata: { name: 'a' },
    spec: { size: 3, extra: 1 },
    status: { ready: true },
  });
  expect(status).toBe(201);
  expect(body.spec).toEqual({ size: 3, colour: 'red' });
  expect(body.status).toBeUndefined();
  expect(body.metadata.generation).toBe(1);
  const wrong = await test.call('POST', WIDGETS, { metadata: { name: 'b' }, spec: { size: 0 } });
  expect(wrong.status).toBe(422);
  expect(wrong.body.message).toBe(
    'Widget.example.com "b" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
  );
  const missing = await test.call('POST', WIDGETS, { metadata: { name: 'c' }, spec: {} });
  expect(missing.body.message).toBe('Widget.example.com "c" is invalid: spec.size: Required value');
  const strict = await test.call('POST', `${WIDGETS}?fieldValidation=Strict`, {
    metadata: { name: 'd' },
    spec: { size: 1, extra: 1 },
  });
  expect(strict.body.message).toContain('strict decoding error: unknown field "spec.extra"');
});

it('keeps status and generation apart', async () => {
  const status = await test.call(
    'PATCH',
    `${WIDGETS}/a/status`,
    { status: { ready: true }, spec: { size: 9 } },
    merge,
  );
  expect(status.body).toMatchObject({
    spec: { size: 3 },
    status: { ready: true },
    metadata: { generation: 1 },
  });
  const spec = await test.call(
    'PATCH',
    `${WIDGETS}/a`,
    { spec: { size: 4 }, status: { ready: false } },
    merge,
  );
  expect(spec.body).toMatchObject({
    spec: { size: 4 },
    status: { ready: true },
    metadata: { generation: 2 },
  });
  const scaled = await test.call('PUT', `${WIDGETS}/a/scale`, {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name: 'a' },
    spec: { replicas: 5 },
  });
  expect(scaled.body.spec.replicas).toBe(5);
  const { resourceVersion: _version, ...metadata } = spec.body.metadata;
  const blind = await test.call('PUT', `${WIDGETS}/a`, { ...spec.body, metadata });
  expect(blind.body.message).toContain(
    'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  );
});

it('serves the other version by renaming', async () => {
  const { body } = await test.call('GET', WIDGETS.replace('/v1/', '/v1beta1/') + '/a');
  expect(body).toMatchObject({ apiVersion: 'example.com/v1beta1', spec: { size: 4 } });
  const watch = test.watch(`${WIDGETS.replace('/v1/', '/v1beta1/')}?watch=true`);
  await watch.until(1);
  expect(watch.events[0].object.apiVersion).toBe('example.com/v1beta1');
  watch.close();
});

it('says at the write what it cannot do', async () => {
  const gadgets = (root: object, more: object = {}) => ({
    ...crd,
    metadata: { name: 'gadgets.example.com' },
    spec: {
      ...crd.spec,
      ...more,
      names: { plural: 'gadgets', kind: 'Gadget' },
      versions: [{ ...crd.spec.versions[0], schema: { openAPIV3Schema: { ...schema, ...root } } }],
    },
  });
  const webhook = await test.call(
    'POST',
    CRDS,
    gadgets({}, { conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } } }),
  );
  expect(webhook.body.message).toContain('conversion webhooks are not implemented by this server');
  const shapeless = await test.call('POST', CRDS, gadgets({ type: 'string' }));
  expect(shapeless.body.message).toContain('must be object at the root');
  const rule = (text: string) => gadgets({ 'x-kubernetes-validations': [{ rule: text }] });
  const broken = await test.call('POST', CRDS, rule('self.spec ='));
  expect(broken.status).toBe(422);
  expect(broken.body.message).toMatch(
    /spec.versions\[0\].schema.openAPIV3Schema.x-kubernetes-validations\[0\].rule: Invalid value: "self.spec =": compilation failed: /,
  );
  const unknown = await test.call(
    'POST',
    CRDS,
    rule("quantity(self.metadata.name).isLessThan(quantity('1'))"),
  );
  expect(unknown.status).toBe(201);
  expect(unknown.headers['warning']).toContain('is not enforced by this server');
});

it('enforces rules in CEL, also those that compare with what was', async () => {
  const spec = {
    type: 'object',
    'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min must not be above max' }],
    properties: {
      min: { type: 'integer' },
      max: { type: 'integer' },
      name: {
        type: 'string',
        'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable once set' }],
      },
    },
  };
  const made = await test.call('POST', CRDS, {
    ...crd,
    metadata: { name: 'ruled.example.com' },
    spec: {
      ...crd.spec,
      names: { plural: 'ruled', kind: 'Ruled' },
      versions: [
        {
          ...crd.spec.versions[0],
          schema: { openAPIV3Schema: { type: 'object', properties: { ...schema.properties, spec } } },
        },
      ],
    },
  });
  expect(made.status, made.text).toBe(201);
  expect(made.headers['warning']).toBeUndefined();
  const ruled = '/apis/example.com/v1/namespaces/default/ruled';
  const object = { apiVersion: 'example.com/v1', kind: 'Ruled', metadata: { name: 'r' } };
  const wrong = await test.call('POST', ruled, { ...object, spec: { min: 3, max: 2 } });
  expect(wrong.body.message).toBe(
    'Ruled.example.com "r" is invalid: spec: Invalid value: "object": min must not be above max',
  );
  const right = await test.call('POST', ruled, { ...object, spec: { min: 2, max: 2 } });
  expect(right.status, right.text).toBe(201);
  const named = await test.call('PATCH', `${ruled}/r`, { spec: { name: 'a' } }, merge);
  expect(named.status, named.text).toBe(200);
  const renamed = await test.call('PATCH', `${ruled}/r`, { spec: { name: 'b' } }, merge);
  expect(renamed.status).toBe(422);
  expect(renamed.body.message).toBe(
    'Ruled.example.com "r" is invalid: spec.name: Invalid value: "string": Value is immutable once set',
  );
  expect((await test.call('PATCH', `${ruled}/r`, { spec: { max: 5 } }, merge)).status).toBe(200);
});

it('does not serve a definition whose names are taken', async () => {
  const names = { plural: 'things', kind: 'Widget' };
  await test.call('POST', CRDS, {
    ...crd,
    metadata: { name: 'things.example.com' },
    spec: { ...crd.spec, names },
  });
  const { body } = await test.call('GET', `${CRDS}/things.example.com`);
  expect(body.status.conditions[0]).toMatchObject({
    type: 'NamesAccepted',
    status: 'False',
    reason: 'KindConflict',
  });
  expect((await test.call('GET', '/apis/example.com/v1/namespaces/default/things')).status).toBe(404);
});

it('deletes its objects before itself', async () => {
  await test.call('PATCH', `${WIDGETS}/a`, { metadata: { finalizers: ['example.com/x'] } }, merge);
  await test.call('DELETE', `${CRDS}/widgets.example.com`);
  const watch = test.watch(
    `${CRDS}?watch=true&resourceVersion=${(await test.call('GET', CRDS)).body.metadata.resourceVersion}`,
  );
  const { body } = await test.call('GET', `${CRDS}/widgets.example.com`);
  expect(body.metadata.deletionTimestamp).toBeDefined();
  await test.call('PATCH', `${WIDGETS}/a`, { metadata: { finalizers: null } }, merge);
  await watch.until(1);
  expect(watch.events[0].type).toBe('DELETED');
  watch.close();
  expect((await test.call('GET', WIDGETS)).status).toBe(404);
});
