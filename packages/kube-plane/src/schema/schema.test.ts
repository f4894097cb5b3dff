import { assert, dictionary, jsonValue, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtinSchemas } from './builtin.ts';
import { applyDefaults, dropNulls } from './defaults.ts';
import { definitionName } from './definition-name.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { goDecodeError } from './go-decode-error.ts';
import type { KubeSchema } from './schema.ts';
import { structuralErrors, usesCel } from './structural.ts';
import { prune, unknownFields } from './unknown-fields.ts';

const source = builtinSchemas();
const kind = (name: string, group = '', version = 'v1') => source.forKind({ group, version, kind: name })!;

describe('built-in schemas', () => {
  test.each<[string, string, string]>([
    ['', 'v1', 'Pod'],
    ['apps', 'v1', 'Deployment'],
    ['rbac.authorization.k8s.io', 'v1', 'ClusterRole'],
    ['admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration'],
    ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition'],
    ['coordination.k8s.io', 'v1', 'Lease'],
    ['events.k8s.io', 'v1', 'Event'],
    ['apps', 'v1', 'DeleteOptions'],
    ['', 'v1', 'Status'],
  ])('%s/%s %s', (group, version, name) => {
    expect(source.forKind({ group, version, kind: name })?.properties).toHaveProperty('kind');
  });

  test('every reference has its definition', () => {
    for (const name of source.names()) {
      for (const match of JSON.stringify(source.definition(name)).matchAll(/"\$ref":"([^"]+)"/g)) {
        expect(source.definition(match[1]!), `${name} → ${match[1]}`).toBeDefined();
      }
    }
  });

  test('a foreign group is no built-in, even when it begins like one', () => {
    expect(definitionName({ group: 'apps.example.com', version: 'v1', kind: 'Deployment' })).toBe(
      'com.example.apps.v1.Deployment',
    );
    expect(source.forKind({ group: 'apps.example.com', version: 'v1', kind: 'Deployment' })).toBeUndefined();
  });

  test('merge keys and list semantics', () => {
    const ports = source.definition('io.k8s.api.core.v1.Container')?.properties?.['ports'];
    expect(ports).toMatchObject({
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
    });
  });
});

describe('unknown fields', () => {
  test('of a built-in kind, with their paths', () => {
    const pod = {
      metadata: { name: 'p', foo: 1, labels: { any: 'thing' } },
      spec: {
        containers: [{ name: 'a' }, { name: 'b', imagee: 'x' }],
        volumes: [{ name: 'v', emptyDir: { x: 1 } }],
      },
      dataa: {},
    };
    expect(unknownFields(pod, kind('Pod'), source)).toEqual([
      'metadata.foo',
      'spec.containers[1].imagee',
      'spec.volumes[0].emptyDir.x',
      'dataa',
    ]);
  });

  const schema: KubeSchema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          known: { type: 'string' },
          open: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
            properties: { inner: { type: 'object' } },
          },
          map: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { a: { type: 'string' } } },
          },
          template: {
            type: 'object',
            'x-kubernetes-embedded-resource': true,
            'x-kubernetes-preserve-unknown-fields': true,
          },
        },
      },
    },
  };

  test('pruning a custom resource keeps what the schema keeps', () => {
    const value = {
      apiVersion: 'e/v1',
      kind: 'W',
      metadata: { name: 'w', bogus: 1 },
      spec: {
        known: 'x',
        unknown: 1,
        open: { any: 1, inner: { gone: 1 } },
        map: { k: { a: 'x', b: 'y' } },
        template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', bogus: 1 }, spec: { x: 1 } },
      },
    };
    expect(prune(value, schema, source)).toEqual([
      'metadata.bogus',
      'spec.unknown',
      'spec.open.inner.gone',
      'spec.map.k.b',
      'spec.template.metadata.bogus',
    ]);
    expect(value).toEqual({
      apiVersion: 'e/v1',
      kind: 'W',
      metadata: { name: 'w' },
      spec: {
        known: 'x',
        open: { any: 1, inner: {} },
        map: { k: { a: 'x' } },
        template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { x: 1 } },
      },
    });
    expect(unknownFields(value, schema, source)).toEqual([]);
  });
});

test('defaults are filled deeply, nulls count as absent where they are not allowed', () => {
  const schema: KubeSchema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        default: {},
        properties: {
          size: { type: 'integer', default: 1 },
          maybe: { type: 'string', nullable: true, default: 'x' },
          list: {
            type: 'array',
            items: { type: 'object', properties: { p: { type: 'string', default: 'TCP' } } },
          },
        },
      },
    },
  };
  const empty: Record<string, unknown> = {};
  applyDefaults(empty, schema, source);
  expect(empty).toEqual({ spec: { size: 1, maybe: 'x' } });
  const given = { spec: { size: null, maybe: null, list: [{}] } };
  applyDefaults(given, schema, source);
  expect(given).toEqual({ spec: { size: 1, maybe: null, list: [{ p: 'TCP' }] } });
  (empty['spec'] as Record<string, unknown>)['size'] = 9;
  const other: Record<string, unknown> = {};
  applyDefaults(other, schema, source);
  expect(other).toEqual({ spec: { size: 1, maybe: 'x' } });
});

test('a null in a list of objects is an empty object', () => {
  const pod = {
    metadata: { managedFields: [null], finalizers: [null] },
    spec: { containers: [null, { name: 'c', args: [null] }] },
  };
  dropNulls(pod, kind('Pod'), source);
  expect(pod).toEqual({
    metadata: { managedFields: [{}], finalizers: [null] },
    spec: { containers: [{}, { name: 'c', args: [null] }] },
  });
});

test('nulls that mean nothing are dropped', () => {
  const deployment = {
    metadata: { name: 'd', creationTimestamp: null },
    spec: { replicas: null, template: { spec: { containers: [{ name: 'c', env: null }] } } },
  };
  dropNulls(deployment, kind('Deployment', 'apps'), source);
  expect(deployment).toEqual({
    metadata: { name: 'd' },
    spec: { template: { spec: { containers: [{ name: 'c' }] } } },
  });
});

describe('duplicate fields', () => {
  test.each<[string, string[]]>([
    ['{"a":1,"b":2}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"metadata":{"name":"x","labels":{"k":"1","k":"2"}},"metadata":{}}', ['metadata.labels.k', 'metadata']],
    ['{"spec":{"containers":[{"name":"a"},{"name":"b","name":"c"}]}}', ['spec.containers[1].name']],
    [String.raw`{"a\"b":1,"c":"{\"c\":1,\"c\":2}","a\u0022b":2}`, ['a"b']],
    ['[{"a":1},{"a":2}]', []],
    ['{"a" : [1, 2, {"x": 1 , "x" : 2}]}', ['a[2].x']],
    ['"a"', []],
  ])('%s', (text, paths) => {
    expect(duplicateFields(text)).toEqual(paths);
  });

  test('what JSON.stringify wrote never has any', () => {
    assert(
      property(
        dictionary(string(), jsonValue()),
        (value) => duplicateFields(JSON.stringify(value)).length === 0,
      ),
    );
  });
});

describe('Go decode errors', () => {
  const error = (name: string, object: unknown, group = '') =>
    goDecodeError(object, { group, version: 'v1', kind: name }, source);

  test.each<[string, string, unknown, string | undefined]>([
    ['', 'ConfigMap', { data: { a: 'b' }, metadata: { labels: null } }, undefined],
    [
      '',
      'ConfigMap',
      { data: { a: 1 } },
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      '',
      'ConfigMap',
      { metadata: { labels: { a: true } } },
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'apps',
      'Deployment',
      { spec: { replicas: '3' } },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'apps',
      'Deployment',
      { spec: { replicas: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      '',
      'Pod',
      { spec: { containers: {} } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      '',
      'Pod',
      { spec: { containers: [{ name: 'a', env: [{ name: 'E', value: 1 }] }] } },
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
    ],
    [
      '',
      'Pod',
      { spec: [] },
      'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec',
    ],
    ['', 'Secret', { data: { a: 'not base64!' } }, 'illegal base64 data at input byte 3'],
    [
      '',
      'Pod',
      { spec: { containers: [{ resources: { limits: { cpu: 1, memory: '1GiB' } } }] } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      '',
      'Pod',
      { metadata: { deletionTimestamp: 'soon' } },
      'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
    ],
    [
      '',
      'Service',
      {
        spec: {
          ports: [
            { port: 1, targetPort: 'http' },
            { port: 2, targetPort: 3 },
          ],
        },
      },
      undefined,
    ],
  ])('%s %s %j', (group, name, object, expected) => {
    expect(error(name, object, group)).toBe(expected);
  });
});

describe('structural schemas', () => {
  const wrap = (spec: KubeSchema): KubeSchema => ({ type: 'object', properties: { spec } });
  const lines = (schema: KubeSchema) =>
    structuralErrors(schema, 's').map(({ field, message }) => `${field}: ${message}`);

  test.each<[KubeSchema, string[]]>([
    [wrap({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }), []],
    [wrap({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }), []],
    [{}, ['s.type: Required value: must not be empty at the root']],
    [{ type: 'string' }, ['s.type: Invalid value: "string": must be object at the root']],
    [wrap({}), ['s.properties[spec].type: Required value: must not be empty for specified object fields']],
    [
      wrap({ type: 'array', items: {} }),
      ['s.properties[spec].items.type: Required value: must not be empty for specified array items'],
    ],
    [wrap({ type: 'array' }), ['s.properties[spec].items: Required value: must be specified']],
    [
      wrap({
        type: 'object',
        properties: { a: { type: 'string' } },
        anyOf: [{ properties: { a: { pattern: 'x' }, b: { minLength: 1 } } }],
      }),
      [
        's.properties[spec].properties[b]: Required value: because it is defined in s.properties[spec].anyOf[0].properties[b]',
      ],
    ],
    [
      wrap({ type: 'string', not: { type: 'string' } }),
      ['s.properties[spec].not.type: Forbidden: must be empty to be structural'],
    ],
    [
      wrap({ type: 'object', properties: {}, additionalProperties: { type: 'string' } }),
      [
        's.properties[spec].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
      ],
    ],
    [
      wrap({ type: 'integer', default: 'x' }),
      [
        's.properties[spec].default: Invalid value: "string": default in body must be of type integer: "string"',
      ],
    ],
    [
      wrap({
        type: 'array',
        items: { type: 'object', properties: { n: { type: 'string' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['n'],
      }),
      [
        's.properties[spec].items.properties[n].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ],
    ],
    [
      {
        type: 'object',
        properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } },
      },
      [
        's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      ],
    ],
    [
      wrap({ type: 'object', 'x-kubernetes-embedded-resource': true }),
      [
        's.properties[spec].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ],
    ],
    [
      wrap({ type: 'string', pattern: '(' }),
      [
        `s.properties[spec].pattern: Invalid value: "(": must be a valid regular expression, but isn't: Invalid regular expression: /(/: Unterminated group`,
      ],
    ],
    [wrap({ type: 'object', $ref: '#/x' }), ['s.properties[spec].$ref: Forbidden: $ref is not supported']],
  ])('%j', (schema, expected) => {
    expect(lines(schema)).toEqual(expected);
  });

  test('CEL is found wherever it hides', () => {
    expect(usesCel(wrap({ type: 'object' }))).toBe(false);
    expect(
      usesCel(
        wrap({ type: 'array', items: { type: 'string', 'x-kubernetes-validations': [{ rule: 'true' }] } }),
      ),
    ).toBe(true);
  });
});
