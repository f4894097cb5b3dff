import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { builtinSchemas } from '../schema/builtin.ts';
import { DOCUMENT_VERSION, openapiV3, type ServedResource } from './openapi-v3.ts';

const source = builtinSchemas();
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
type Dict = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- documents are walked by path

const deployments: ServedResource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  verbs,
  subresources: [
    { name: 'status', kind: 'Deployment', verbs: ['get', 'update', 'patch'] },
    { name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'update', 'patch'] },
  ],
  schema: source.forKind({ group: 'apps', version: 'v1', kind: 'Deployment' })!,
};
const widgets: ServedResource = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: false,
  verbs,
  subresources: [],
  schema: {
    type: 'object',
    properties: { spec: { type: 'object', properties: { port: { 'x-kubernetes-int-or-string': true } } } },
  },
};

test('another document for the same resources has another version', () => {
  const gist: ServedResource = { ...deployments, subresources: deployments.subresources.slice(1) };
  const small = {
    ...source,
    described: (name: string) => (name.endsWith('ListMeta') ? { $ref: 'x' } : undefined),
  };
  const text = JSON.stringify([openapiV3(gist, [gist], small), openapiV3(widgets, [widgets], small)]);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  // When this fails: raise DOCUMENT_VERSION, and write both down here.
  expect([DOCUMENT_VERSION, digest]).toEqual(['1', '53e06a43b8f8e12f']);
});

const apps = openapiV3(deployments, [deployments], source) as Dict;

test('every path that kubectl looks for is there, with verbs as methods', () => {
  expect(Object.keys(apps['paths'])).toEqual([
    '/apis/apps/v1/namespaces/{namespace}/deployments',
    '/apis/apps/v1/deployments',
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}',
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/status',
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale',
  ]);
  const item = apps['paths']['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
  expect(Object.keys(item).sort()).toEqual(['delete', 'get', 'parameters', 'patch', 'put']);
});

test('a PATCH names its kind, fieldValidation and the strategic merge patch', () => {
  const { patch } = apps['paths']['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
  expect(patch['x-kubernetes-group-version-kind']).toEqual({
    group: 'apps',
    kind: 'Deployment',
    version: 'v1',
  });
  expect(patch['parameters'].map((one: Dict) => one['name'])).toContain('fieldValidation');
  expect(Object.keys(patch['requestBody']['content'])).toContain('application/strategic-merge-patch+json');
});

test('merge keys are published, beside a reference in an allOf', () => {
  const { schemas } = apps['components'];
  const pod = schemas['io.k8s.api.core.v1.PodSpec'].properties;
  expect(pod.containers).toMatchObject({
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  });
  expect(pod.containers.items).toEqual({ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' });
  expect(schemas['io.k8s.api.apps.v1.DeploymentSpec'].properties.strategy).toMatchObject({
    allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy' }],
    'x-kubernetes-patch-strategy': 'retainKeys',
  });
});

test('every reference of a document resolves inside it', () => {
  const { schemas } = apps['components'];
  const references = [...JSON.stringify(apps).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1]!,
  );
  expect(references.length).toBeGreaterThan(200);
  for (const reference of new Set(references)) expect(schemas).toHaveProperty([reference]);
});

test('explain finds the kind by its group version kind, and its texts', () => {
  const definition = apps['components'].schemas['io.k8s.api.apps.v1.Deployment'];
  expect(definition['x-kubernetes-group-version-kind']).toEqual([
    { group: 'apps', kind: 'Deployment', version: 'v1' },
  ]);
  expect(definition.description).toContain('Deployment enables declarative updates');
  expect(apps['components'].schemas['io.k8s.api.core.v1.Container'].properties.image.description).toContain(
    'image',
  );
});

test('custom resources are published with their own schema and no strategic merge', () => {
  const document = openapiV3(widgets, [widgets], source) as Dict;
  const { patch } = document['paths']['/apis/example.com/v1/widgets/{name}'];
  expect(Object.keys(patch.requestBody.content)).not.toContain('application/strategic-merge-patch+json');
  const definition = document['components'].schemas['com.example.v1.Widget'];
  expect(definition.properties.metadata).toEqual({
    $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  });
  expect(definition.properties.spec.properties.port).toMatchObject({
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  });
});
