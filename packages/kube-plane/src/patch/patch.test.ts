import {
  array,
  assert,
  boolean,
  constantFrom,
  dictionary,
  integer,
  letrec,
  oneof,
  property,
  record,
  uniqueArray,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KubeStatus } from '../kube-status.ts';
import { builtinSchemas } from '../schema/builtin.ts';
import { applyJsonPatch, jsonPatchOperationsMax } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

function statusOf(run: () => unknown): KubeStatus {
  try {
    run();
  } catch (error) {
    if (error instanceof KubeStatus) return error;
    throw error;
  }
  throw new Error('did not throw');
}

describe('JSON patch', () => {
  const document = { metadata: { labels: { 'a/b': '1' } }, spec: { list: [1, 2] } };

  test('the six operations, on a copy', () => {
    const before = structuredClone(document);
    expect(
      applyJsonPatch(document, [
        { op: 'test', path: '/metadata/labels/a~1b', value: '1' },
        { op: 'replace', path: '/metadata/labels/a~1b', value: '2' },
        { op: 'add', path: '/spec/list/-', value: 3 },
        { op: 'add', path: '/spec/list/0', value: 0 },
        { op: 'remove', path: '/spec/list/1' },
        { op: 'copy', from: '/spec/list', path: '/spec/copy' },
        { op: 'move', from: '/spec/copy', path: '/spec/moved' },
      ]),
    ).toEqual({ metadata: { labels: { 'a/b': '2' } }, spec: { list: [0, 2, 3], moved: [0, 2, 3] } });
    expect(document).toEqual(before);
  });

  test.each<[string, unknown[]]>([
    ['failed test', [{ op: 'test', path: '/spec/list/0', value: 9 }]],
    ['missing path', [{ op: 'remove', path: '/spec/none' }]],
    ['replace of nothing', [{ op: 'replace', path: '/spec/none', value: 1 }]],
    ['parent missing', [{ op: 'add', path: '/none/deep', value: 1 }]],
    ['index beyond the end', [{ op: 'add', path: '/spec/list/9', value: 1 }]],
    ['unknown operation', [{ op: 'frobnicate', path: '/spec' }]],
    ['no path', [{ op: 'add', value: 1 }]],
    ['not an object', [1]],
    ['prototype', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
  ])('%s is a 422', (_, operations) => {
    expect(statusOf(() => applyJsonPatch(document, operations))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('copies of copies end before the memory does', () => {
    const doubling = Array.from({ length: 60 }, (_, index) => ({
      op: 'copy',
      from: '/spec',
      path: `/spec/more-${index}`,
    }));
    expect(statusOf(() => applyJsonPatch(document, doubling))).toMatchObject({
      code: 413,
      message: expect.stringContaining('the accumulated size increase of copy is'),
    });
  });

  test('a body that is no list, and a list that is too long', () => {
    expect(statusOf(() => applyJsonPatch(document, { op: 'add' }))).toMatchObject({ code: 400 });
    const many = Array.from({ length: jsonPatchOperationsMax + 1 }, () => ({
      op: 'test',
      path: '',
      value: 1,
    }));
    expect(statusOf(() => applyJsonPatch(document, many))).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
    });
  });
});

test.each<[unknown, unknown, unknown]>([
  // The examples of RFC 7386.
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'foo' }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('merge patch %#', (original, patch, result) => {
  expect(applyMergePatch(original, patch)).toEqual(result);
});

describe('strategic merge patch', () => {
  const source = builtinSchemas();
  const schema = source.forKind({ group: 'apps', version: 'v1', kind: 'Deployment' })!;
  const apply = (original: unknown, patch: unknown) =>
    applyStrategicMergePatch(original, patch, schema, source) as Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- results are walked by path
  const deployment = (spec: object, rest: object = {}) => ({ spec: { template: { spec } }, ...rest });
  const podSpec = (original: object, patch: object) =>
    apply(deployment(original), deployment(patch))['spec'].template.spec;

  test('containers merge by name; lists inside them by their own keys', () => {
    const original = {
      containers: [
        {
          name: 'a',
          image: 'x',
          env: [{ name: 'E', value: '1' }],
          args: ['1'],
          ports: [{ containerPort: 80, name: 'http' }],
        },
        { name: 'b', image: 'x' },
      ],
    };
    const patch = {
      containers: [
        {
          name: 'a',
          image: 'y',
          env: [
            { name: 'F', value: '2' },
            { name: 'E', value: '3' },
          ],
          args: ['2'],
          ports: [{ containerPort: 80, protocol: 'UDP' }],
        },
        { name: 'c', image: 'z' },
      ],
    };
    expect(podSpec(original, patch)).toEqual({
      containers: [
        {
          name: 'a',
          image: 'y',
          env: [
            { name: 'E', value: '3' },
            { name: 'F', value: '2' },
          ],
          args: ['2'],
          ports: [{ containerPort: 80, name: 'http', protocol: 'UDP' }],
        },
        { name: 'b', image: 'x' },
        { name: 'c', image: 'z' },
      ],
    });
  });

  test('$patch: delete removes an item or a field, $patch: replace replaces', () => {
    const containers = [
      { name: 'a', image: 'x' },
      { name: 'b', image: 'x' },
    ];
    expect(podSpec({ containers }, { containers: [{ name: 'a', $patch: 'delete' }] })).toEqual({
      containers: [{ name: 'b', image: 'x' }],
    });
    expect(podSpec({ containers }, { containers: [{ $patch: 'replace' }, { name: 'c' }] })).toEqual({
      containers: [{ name: 'c' }],
    });
    expect(
      podSpec(
        { securityContext: { runAsUser: 1, fsGroup: 2 } },
        { securityContext: { $patch: 'replace', runAsUser: 3 } },
      ),
    ).toEqual({ securityContext: { runAsUser: 3 } });
    expect(podSpec({ containers, nodeName: 'n' }, { nodeName: null })).toEqual({ containers });
  });

  test('$retainKeys keeps only what it names: a strategy changes type', () => {
    const original = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(apply(original, patch)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
    const volumes = [{ name: 'v', emptyDir: {} }];
    expect(
      podSpec(
        { volumes },
        { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] },
      ),
    ).toEqual({
      volumes: [{ name: 'v', hostPath: { path: '/x' } }],
    });
  });

  test('finalizers merge as a set and lose what $deleteFromPrimitiveList names', () => {
    const original = { metadata: { finalizers: ['a', 'b'] } };
    expect(apply(original, { metadata: { finalizers: ['b', 'c'] } })).toEqual({
      metadata: { finalizers: ['a', 'b', 'c'] },
    });
    expect(
      apply(original, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['d'] } }),
    ).toEqual({ metadata: { finalizers: ['b', 'd'] } });
  });

  test('$setElementOrder orders; what only the server has keeps its place', () => {
    const containers = [{ name: 'server' }, { name: 'a' }, { name: 'b' }];
    const order = [{ name: 'b' }, { name: 'new' }, { name: 'a' }];
    expect(
      podSpec({ containers }, { '$setElementOrder/containers': order, containers: [{ name: 'new' }] })[
        'containers'
      ],
    ).toEqual([{ name: 'server' }, { name: 'b' }, { name: 'new' }, { name: 'a' }]);
    expect(
      podSpec({ containers }, { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] })[
        'containers'
      ].map((one: { name: string }) => one.name),
    ).toEqual(['server', 'b', 'a']);
    const original = { metadata: { finalizers: ['x', 'y'] } };
    expect(
      apply(original, { metadata: { '$setElementOrder/finalizers': ['y', 'x', 'z'], finalizers: ['z'] } }),
    ).toEqual({ metadata: { finalizers: ['y', 'x', 'z'] } });
  });

  test('labels merge as a map, atomic lists are replaced, unknown fields merge as JSON', () => {
    const original = { metadata: { labels: { a: '1', b: '1' } }, extra: { deep: { a: 1 }, list: [1] } };
    const patch = { metadata: { labels: { a: null, c: '1' } }, extra: { deep: { b: 2 }, list: [2] } };
    expect(apply(original, patch)).toEqual({
      metadata: { labels: { b: '1', c: '1' } },
      extra: { deep: { a: 1, b: 2 }, list: [2] },
    });
    expect(podSpec({ tolerations: [{ key: 'a' }] }, { tolerations: [{ key: 'b' }] })).toEqual({
      tolerations: [{ key: 'b' }],
    });
  });

  test('directives never stay in the result', () => {
    const patch = deployment({
      containers: [{ name: 'a', env: [{ name: 'E', $patch: 'delete' }], $retainKeys: ['name'] }],
      '$setElementOrder/containers': [{ name: 'a' }],
    });
    expect(JSON.stringify(apply({}, patch))).not.toContain('$');
  });

  test('malformed patches are a 400', () => {
    expect(statusOf(() => podSpec({}, { containers: [{ image: 'x' }] })).message).toContain(
      'does not contain declared merge key: name',
    );
    expect(statusOf(() => podSpec({}, { containers: ['x'] })).code).toBe(400);
    expect(statusOf(() => apply({}, { spec: { $patch: 'explode' } })).message).toContain(
      'unknown patch type found',
    );
    expect(statusOf(() => apply({}, []))).toMatchObject({ code: 400 });
  });

  const names = constantFrom('a', 'b', 'c', 'd');
  const lists = uniqueArray(record({ name: names, image: constantFrom('x', 'y') }), {
    selector: (item) => item.name,
  });

  test('a merge holds every item of both, once, with the values of the patch', () => {
    assert(
      property(lists, lists, (original, patch) => {
        const merged = podSpec({ containers: original }, { containers: patch })['containers'] as {
          name: string;
          image: string;
        }[];
        const expected = new Map([...original, ...patch].map((item) => [item.name, item.image]));
        expect(merged).toHaveLength(expected.size);
        expect(new Map(merged.map((item) => [item.name, item.image]))).toEqual(expected);
      }),
    );
  });

  test('without lists it is a merge patch', () => {
    const { tree } = letrec<{ tree: unknown }>((tie) => ({
      tree: oneof(
        { depthSize: 'small' },
        integer(),
        boolean(),
        dictionary(names, tie('tree'), { maxKeys: 3 }),
      ),
    }));
    assert(
      property(dictionary(names, tree), dictionary(names, tree), array(names), (original, patch, removed) => {
        const withNulls = { ...patch, ...Object.fromEntries(removed.map((name) => [name, null])) };
        expect(applyStrategicMergePatch(original, withNulls, {}, source)).toEqual(
          applyMergePatch(original, withNulls),
        );
      }),
    );
  });
});
