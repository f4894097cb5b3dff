import { describe, expect, test } from 'vitest';
import { builtinSchemas } from './builtin.ts';
import { hasFormat } from './formats.ts';
import { matchesPattern } from './pattern.ts';
import type { KubeSchema } from './schema.ts';
import { validate } from './validate.ts';

const source = builtinSchemas();
const object = (properties: Record<string, KubeSchema>, rest: Partial<KubeSchema> = {}): KubeSchema => ({
  type: 'object',
  properties,
  ...rest,
});
/** Failures of `spec` under its schema, as `field: message`. */
function failures(schema: KubeSchema, spec: unknown): string[] {
  const value = { apiVersion: 'e/v1', kind: 'K', metadata: { name: 'x' }, spec };
  return validate(value, object({ spec: schema }), source).map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

describe('the sentences of Kubernetes', () => {
  test.each<[KubeSchema, unknown, string[]]>([
    [
      object({ a: { type: 'string' } }, { required: ['a', 'b'] }),
      {},
      ['spec.a: Required value', 'spec.b: Required value'],
    ],
    [
      { type: 'integer' },
      'x',
      ['spec: Invalid value: "string": spec in body must be of type integer: "string"'],
    ],
    [
      object({ n: { type: 'integer' } }),
      { n: 1.5 },
      ['spec.n: Invalid value: "number": spec.n in body must be of type integer: "number"'],
    ],
    [{ type: 'string' }, null, ['spec: Invalid value: "null": spec in body must be of type string: "null"']],
    [{ type: 'string', nullable: true }, null, []],
    [{ type: 'number' }, 3, []],
    [{ type: 'string', enum: ['a', 'b'] }, 'c', ['spec: Unsupported value: "c": supported values: "a", "b"']],
    [
      { type: 'string', pattern: '^[a-z]+$' },
      'A',
      [`spec: Invalid value: "A": spec in body should match '^[a-z]+$'`],
    ],
    [
      { type: 'string', minLength: 2 },
      'a',
      ['spec: Invalid value: "a": spec in body should be at least 2 chars long'],
    ],
    [{ type: 'string', maxLength: 2 }, 'abc', ['spec: Too long: may not be more than 2 bytes']],
    [{ type: 'string', maxLength: 2 }, '🙂🙂', []],
    [
      { type: 'integer', minimum: 1 },
      0,
      ['spec: Invalid value: 0: spec in body should be greater than or equal to 1'],
    ],
    [
      { type: 'integer', maximum: 3, exclusiveMaximum: true },
      3,
      ['spec: Invalid value: 3: spec in body should be less than 3'],
    ],
    [{ type: 'number', multipleOf: 0.1 }, 0.3, []],
    [
      { type: 'integer', multipleOf: 5 },
      6,
      ['spec: Invalid value: 6: spec in body should be a multiple of 5'],
    ],
    [
      { type: 'integer', format: 'int32' },
      2 ** 31,
      ['spec: Invalid value: 2147483648: spec in body must be of type int32: 2147483648'],
    ],
    [
      { type: 'array', items: { type: 'string' }, minItems: 1 },
      [],
      ['spec: Invalid value: 0: spec in body should have at least 1 items'],
    ],
    [
      { type: 'array', items: { type: 'string' }, maxItems: 1 },
      ['a', 'b'],
      ['spec: Too many: 2: must have at most 1 items'],
    ],
    [
      { type: 'array', items: { type: 'integer' } },
      [1, 'x'],
      ['spec[1]: Invalid value: "string": spec[1] in body must be of type integer: "string"'],
    ],
    [{ type: 'object', maxProperties: 1 }, { a: 1, b: 2 }, ['spec: Too many: 2: must have at most 1 items']],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      ['spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"'],
    ],
    [{ 'x-kubernetes-int-or-string': true }, '50%', []],
    [
      { type: 'string', format: 'date-time' },
      'x',
      ['spec: Invalid value: "x": spec in body must be of type date-time: "x"'],
    ],
  ])('%j with %j', (schema, value, expected) => {
    expect(failures(schema, value)).toEqual(expected);
  });

  test('compositions', () => {
    const a: KubeSchema = { required: ['a'] };
    const b: KubeSchema = { required: ['b'] };
    const open: KubeSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    expect(failures({ ...open, oneOf: [a, b] }, {})).toEqual([
      'spec: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid',
    ]);
    expect(failures({ ...open, oneOf: [a, b] }, { a: 1, b: 1 })).toEqual([
      'spec: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ]);
    expect(failures({ ...open, anyOf: [a, b] }, {})).toEqual([
      'spec: Invalid value: "": "spec" must validate at least one schema (anyOf)',
    ]);
    expect(failures({ ...open, not: a }, { a: 1 })).toEqual([
      'spec: Invalid value: "": "spec" must not validate the schema (not)',
    ]);
    expect(failures({ ...open, allOf: [a, b] }, { a: 1 })).toEqual(['spec.b: Required value']);
  });

  test('sets and associative lists name nothing twice', () => {
    const set: KubeSchema = { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' };
    expect(failures(set, ['a', 'b', 'a'])).toEqual(['spec[2]: Duplicate value: "a"']);
    const map: KubeSchema = {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: object({ port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } }),
    };
    expect(failures(map, [{ port: 1 }, { port: 1, protocol: 'UDP' }])).toEqual([]);
    expect(failures(map, [{ port: 1 }, { port: 1, protocol: 'TCP' }])).toEqual([
      'spec[1]: Duplicate value: {"port":1,"protocol":"TCP"}',
    ]);
  });
});

test('a built-in kind is validated through its references', () => {
  const schema = source.forKind({ group: '', version: 'v1', kind: 'Pod' })!;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { labels: { a: 1 } },
    spec: { containers: [{ image: 'x' }] },
  };
  expect(validate(pod, schema, source).map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'metadata.labels.a: Invalid value: "integer": metadata.labels.a in body must be of type string: "integer"',
    'spec.containers[0].name: Required value',
  ]);
});

test.each<[string, string, boolean]>([
  [String.raw`^[a-z\-]+$`, 'a-b', true],
  [String.raw`^a\_b\:c$`, 'a_b:c', true],
  ['(?i)^abc$', 'ABC', true],
  [String.raw`\Aab\z`, 'ab', true],
  ['^[[:alpha:]_]+$', 'a_B', true],
  ['^(?P<name>x)$', 'x', true],
  ['(', '(', false],
])('Go pattern %s against %s', (pattern, text, matches) => {
  expect(matchesPattern(text, pattern)).toBe(matches);
});

test.each<[string, string, boolean]>([
  ['date-time', '2024-02-29T00:00:00Z', true],
  ['date-time', '2023-02-29T00:00:00Z', false],
  ['date-time', '2024-01-01T00:00:00.123456+02:00', true],
  ['date', '2024-13-01', false],
  ['duration', '1h30m', true],
  ['duration', '1x', false],
  ['ipv4', '1.2.3.4', true],
  ['ipv4', '::1', false],
  ['cidr', '10.0.0.0/33', false],
  ['cidr', 'fe80::/10', true],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000', true],
  ['byte', 'YQ==', true],
  ['byte', 'YQ', false],
  ['hostname', 'a.b-c', true],
  ['hostname', '-a', false],
  ['quantity', '1.5Gi', true],
  ['quantity', '1.5GiB', false],
  ['of-another-kind', 'anything', true],
])('format %s of %s', (format, text, valid) => {
  expect(hasFormat(text, format)).toBe(valid);
});
