import { assert, constantFrom, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { KubeStatus } from '../kube-status.ts';
import { builtinSchemas } from '../schema/builtin.ts';
import { dropNulls } from '../schema/defaults.ts';
import { apiextensionsRows } from './apiextensions-messages.ts';
import { decodeProtobuf } from './decode.ts';
import { kubectlBodies } from './generated/kubectl-bodies.gen.ts';
import { messageRows } from './generated/messages.gen.ts';

const source = builtinSchemas();

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
const blob = (field: number, bytes: readonly number[]) => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string) => blob(field, [...Buffer.from(value)]);
const integer = (field: number, value: number | bigint) => [...varint(field << 3), ...varint(value)];

function envelope(apiVersion: string, kind: string, raw: readonly number[]): Uint8Array {
  const type = [...text(1, apiVersion), ...text(2, kind)];
  return Uint8Array.from([
    0x6b,
    0x38,
    0x73,
    0,
    ...blob(1, type),
    ...blob(2, raw),
    ...text(3, ''),
    ...text(4, ''),
  ]);
}

test.each(kubectlBodies)(
  'kubectl 1.33 means with protobuf what 1.31 means with JSON: $command',
  ({ protobuf, json }) => {
    const expected = JSON.parse(json) as Record<string, unknown>;
    const { apiVersion, kind, object } = decodeProtobuf(Buffer.from(protobuf, 'base64'));
    expect({ apiVersion, kind }).toEqual({ apiVersion: expected['apiVersion'], kind: expected['kind'] });
    const gv = apiVersion.split('/');
    const gvk = { group: gv.length > 1 ? gv[0]! : '', version: gv.at(-1)!, kind };
    dropNulls(expected, source.forKind(gvk)!, source);
    expect(object).toEqual(expected);
  },
);

test('DeleteOptions are found in every group', () => {
  const body = envelope('apps/v1', 'DeleteOptions', [...integer(1, 0), ...text(4, 'Foreground')]);
  expect(decodeProtobuf(body).object).toEqual({
    apiVersion: 'apps/v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: 0,
    propagationPolicy: 'Foreground',
  });
});

test('zero values of pointers stay, of plain fields they go', () => {
  const spec = [...integer(4, 0), ...integer(11, 0), ...text(3, ''), ...integer(21, 0)];
  const pod = decodeProtobuf(envelope('v1', 'Pod', blob(2, spec))).object;
  expect(pod['spec']).toEqual({ terminationGracePeriodSeconds: 0, automountServiceAccountToken: false });
});

test('a Lease carries MicroTime with six digits and Time without', () => {
  const micro = blob(3, [...integer(1, 1_700_000_000), ...integer(2, 123_456_789)]);
  const meta = blob(1, [...text(1, 'l'), ...blob(8, integer(1, 1_700_000_000))]);
  expect(
    decodeProtobuf(envelope('coordination.k8s.io/v1', 'Lease', [...meta, ...blob(2, micro)])).object,
  ).toMatchObject({
    metadata: { name: 'l', creationTimestamp: '2023-11-14T22:13:20Z' },
    spec: { acquireTime: '2023-11-14T22:13:20.123456Z' },
  });
});

test('inlined messages, secrets, quantities and int-or-string', () => {
  const volume = [...text(1, 'v'), ...blob(2, blob(6, text(1, 'creds')))];
  const port = blob(2, [...integer(1, 1), ...text(3, 'http')]);
  const probe = blob(10, [...blob(1, blob(2, port)), ...integer(2, 5)]);
  const limits = blob(8, blob(1, [...text(1, 'cpu'), ...blob(2, text(1, '250m'))]));
  const container = blob(2, [...text(1, 'c'), ...probe, ...limits]);
  const pod = decodeProtobuf(envelope('v1', 'Pod', blob(2, [...blob(1, volume), ...container]))).object;
  expect(pod['spec']).toEqual({
    volumes: [{ name: 'v', secret: { secretName: 'creds' } }],
    containers: [
      {
        name: 'c',
        livenessProbe: { httpGet: { port: 'http' }, initialDelaySeconds: 5 },
        resources: { limits: { cpu: '250m' } },
      },
    ],
  });
});

test('extra of a review is a list of strings for each key', () => {
  const extra = blob(5, [...text(1, 'scopes'), ...blob(2, [...text(1, 'a'), ...text(1, 'b')])]);
  const review = decodeProtobuf(envelope('authorization.k8s.io/v1', 'SubjectAccessReview', blob(2, extra)));
  expect(review.object['spec']).toEqual({ extra: { scopes: ['a', 'b'] } });
});

test('managedFields carry their field sets as JSON', () => {
  const entry = [...text(1, 'm'), ...blob(7, text(1, '{"f:data":{}}'))];
  const body = envelope('v1', 'ConfigMap', blob(1, blob(17, entry)));
  expect(decodeProtobuf(body).object['metadata']).toEqual({
    managedFields: [{ manager: 'm', fieldsV1: { 'f:data': {} } }],
  });
});

test('a CRD with its schema: either-or messages, JSON in bytes, renamed fields', () => {
  const json = (value: unknown) => text(1, JSON.stringify(value));
  const size = [...text(5, 'integer'), ...blob(8, json(3)), ...blob(20, json(1)), ...integer(40, 0)];
  const list = [...text(5, 'array'), ...blob(24, blob(1, text(5, 'string'))), ...text(42, 'set')];
  const closed = [...text(5, 'object'), ...blob(30, integer(1, 0)), ...integer(38, 1)];
  const entry = (name: string, schema: number[]) => blob(29, [...text(1, name), ...blob(2, schema)]);
  const schema = [
    ...text(5, 'object'),
    ...entry('size', size),
    ...entry('list', list),
    ...entry('closed', closed),
  ];
  const version = [
    ...text(1, 'v1'),
    ...integer(2, 1),
    ...integer(3, 0),
    ...blob(4, blob(1, schema)),
    ...blob(5, blob(1, [])),
  ];
  const names = blob(3, [...text(1, 'widgets'), ...text(4, 'Widget')]);
  const spec = [...text(1, 'example.com'), ...names, ...text(4, 'Namespaced'), ...blob(7, version)];
  const crd = decodeProtobuf(envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinition', blob(2, spec)));
  expect(crd.object['spec']).toEqual({
    group: 'example.com',
    names: { plural: 'widgets', kind: 'Widget' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: false,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              size: { type: 'integer', default: 3, enum: [1] },
              list: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
              closed: {
                type: 'object',
                additionalProperties: false,
                'x-kubernetes-preserve-unknown-fields': true,
              },
            },
          },
        },
      },
    ],
  });
});

test('unknown fields are passed over', () => {
  const body = envelope('v1', 'ConfigMap', [
    ...integer(90, 7),
    ...text(91, 'x'),
    ...blob(2, [...text(1, 'a'), ...text(2, 'b')]),
  ]);
  expect(decodeProtobuf(body).object['data']).toEqual({ a: 'b' });
});

test('a map key named __proto__ stays data', () => {
  const body = envelope('v1', 'ConfigMap', blob(2, [...text(1, '__proto__'), ...text(2, 'b')]));
  expect(JSON.stringify(decodeProtobuf(body).object['data'])).toBe('{"__proto__":"b"}');
});

test.each([
  ['no prefix', Uint8Array.from([1, 2, 3, 4])],
  ['nothing', new Uint8Array()],
  ['an unknown kind', envelope('v1', 'Nonsense', [])],
  ['a custom resource', envelope('example.com/v1', 'Widget', [])],
  ['a cut message', envelope('v1', 'Pod', [0x12, 0x20, 0x01])],
  ['a wrong wire type', envelope('v1', 'Pod', integer(2, 1))],
  [
    'an endless varint',
    envelope(
      'v1',
      'Pod',
      Array.from({ length: 12 }, () => 0xff),
    ),
  ],
])('malformed input is a 400: %s', (_, bytes) => {
  try {
    decodeProtobuf(bytes);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(KubeStatus);
    expect((error as KubeStatus).code).toBe(400);
  }
});

test('no bytes whatever end in anything but an object or a 400', () => {
  assert(
    property(
      constantFrom('Pod', 'Secret', 'Event', 'Service'),
      uint8Array({ maxLength: 200 }),
      (kind, raw) => {
        try {
          decodeProtobuf(envelope('v1', kind, [...raw]));
        } catch (error) {
          expect(error).toBeInstanceOf(KubeStatus);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('every field of every message is known to the schema of the same name', () => {
  // Kept in the wire format only.
  const wireOnly = new Set(['none', 'clusterName']);
  let fields = 0;
  for (const [name, row] of Object.entries({ ...messageRows, ...apiextensionsRows })) {
    const properties = source.definition(name)?.properties;
    if (!properties) continue;
    for (const field of row.split(';')) {
      const json = field.split(' ')[1]!.replace('!', '');
      if (json === '^' || json === '' || wireOnly.has(json)) continue;
      expect(properties, `${name}.${json}`).toHaveProperty([json]);
      fields++;
    }
  }
  expect(fields).toBeGreaterThan(1300);
});
