import {
  assert,
  boolean,
  constantFrom,
  dictionary,
  integer,
  property,
  record,
  uniqueArray,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KubeStatus } from '../kube-status.ts';
import type { KubeObject, ManagedFieldsEntry } from '../object.ts';
import { builtinSchemas } from '../schema/builtin.ts';
import type { KubeSchema } from '../schema/schema.ts';
import { applyPatch } from './apply.ts';
import { trackUpdate } from './update.ts';

const source = builtinSchemas();
const schemaOf = (kind: string, group = '', version = 'v1') => source.forKind({ group, version, kind })!;
const time = '2024-01-01T00:00:00Z';
const later = '2024-01-02T00:00:00Z';

function configMap(
  data: Record<string, string> | undefined,
  metadata: Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', ...metadata },
    ...(data ? { data } : {}),
  };
}
const cm = { schema: schemaOf('ConfigMap'), source, apiVersion: 'v1', time, force: false };

function apply(
  live: KubeObject | undefined,
  config: KubeObject,
  options: Partial<typeof cm> & { manager: string },
) {
  return applyPatch(live, config, { ...cm, ...options });
}
function update(
  before: KubeObject | undefined,
  after: KubeObject,
  options: Partial<typeof cm> & { manager: string; subresource?: string; ignoredFields?: string[] },
): KubeObject {
  const managedFields = trackUpdate(before, after, { ...cm, ...options });
  return { ...after, metadata: { ...after.metadata, managedFields } };
}
const fieldsOf = (object: KubeObject, manager: string) =>
  object.metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;
function statusOf(run: () => unknown): KubeStatus {
  try {
    run();
  } catch (error) {
    if (error instanceof KubeStatus) return error;
    throw error;
  }
  throw new Error('did not throw');
}

describe('updates', () => {
  test('a create owns what it wrote, map and entries, but not the structs that every object has', () => {
    const created = update(
      undefined,
      configMap({ k: 'v' }, { labels: { app: 'a' }, uid: 'u', resourceVersion: '1' }),
      { manager: 'kubectl-create' },
    );
    expect(created.metadata.managedFields).toEqual([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:data': { '.': {}, 'f:k': {} },
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
        },
      },
    ]);
  });

  test('a Deployment looks as the API server writes it', () => {
    const deployment: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [{ name: 'n', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }],
          },
        },
      },
    };
    const created = update(undefined, deployment, {
      manager: 'm',
      schema: schemaOf('Deployment', 'apps'),
      apiVersion: 'apps/v1',
    });
    expect(fieldsOf(created, 'm')).toEqual({
      'f:spec': {
        'f:replicas': {},
        'f:selector': {},
        'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} },
        'f:template': {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"n"}': {
                '.': {},
                'f:image': {},
                'f:name': {},
                'f:ports': {
                  '.': {},
                  'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                },
                'f:resources': {},
              },
            },
          },
        },
      },
    });
  });

  test('a custom resource owns spec itself', () => {
    const schema: KubeSchema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    };
    const widget: KubeObject = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { size: 1 },
    };
    const created = update(undefined, widget, { manager: 'm', schema, apiVersion: 'example.com/v1' });
    expect(fieldsOf(created, 'm')).toEqual({ 'f:spec': { '.': {}, 'f:size': {} } });
  });

  test('a change moves the field, a removal frees it, the time of the others stays', () => {
    const created = update(undefined, configMap({ a: '1', b: '1', c: '1' }), { manager: 'one' });
    const changed = update(
      created,
      { ...configMap({ a: '2', b: '1' }), metadata: created.metadata },
      { manager: 'two', time: later },
    );
    expect(fieldsOf(changed, 'one')).toEqual({ 'f:data': { '.': {}, 'f:b': {} } });
    expect(fieldsOf(changed, 'two')).toEqual({ 'f:data': { 'f:a': {} } });
    expect(changed.metadata.managedFields?.map((entry) => entry.time)).toEqual([time, later]);
  });

  test('a write that changes nothing leaves the entries alone', () => {
    const created = update(undefined, configMap({ a: '1' }), { manager: 'one' });
    const again = update(created, structuredClone(created), { manager: 'one', time: later });
    expect(again.metadata.managedFields).toEqual(created.metadata.managedFields);
  });

  test('ignored fields are not owned; the subresource stands in its own entry', () => {
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'n', labels: { a: 'b' } },
      status: { phase: 'Active' },
    };
    const created = update(undefined, namespace, {
      manager: 'm',
      schema: schemaOf('Namespace'),
      ignoredFields: ['status'],
    });
    expect(fieldsOf(created, 'm')).toEqual({ 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } });
    const terminated = { ...created, status: { phase: 'Terminating' } };
    const status = update(created, terminated, {
      manager: 'm',
      schema: schemaOf('Namespace'),
      subresource: 'status',
    });
    expect(status.metadata.managedFields?.[1]).toMatchObject({
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:phase': {} } },
    });
  });

  test('[{}] clears the list and a write without entries does not bring it back', () => {
    const created = update(undefined, configMap({ a: '1' }), { manager: 'one' });
    const cleared = update(created, configMap({ a: '1' }, { managedFields: [{}] }), { manager: 'one' });
    expect(cleared.metadata.managedFields).toEqual([]);
    const next = update(cleared, configMap({ a: '2' }), { manager: 'one' });
    expect(next.metadata.managedFields).toEqual([]);
  });

  test('a client may hand in its own entries', () => {
    const created = update(undefined, configMap({ a: '1' }), { manager: 'one' });
    const own: ManagedFieldsEntry = { ...created.metadata.managedFields![0]!, manager: 'renamed' };
    const next = update(created, configMap({ a: '1' }, { managedFields: [own] }), { manager: 'editor' });
    expect(next.metadata.managedFields).toEqual([own]);
  });

  test('more than ten updaters are folded into ancient-changes', () => {
    let object = update(undefined, configMap({ k0: '0' }), { manager: 'm00' });
    for (let index = 1; index < 15; index++) {
      const data = { ...(object['data'] as Record<string, string>), [`k${index}`]: '1' };
      const at = `2024-01-01T00:00:${String(index).padStart(2, '0')}Z`;
      object = update(
        object,
        { ...object, data },
        { manager: `m${String(index).padStart(2, '0')}`, time: at },
      );
    }
    expect(object.metadata.managedFields).toHaveLength(10);
    expect(fieldsOf(object, 'ancient-changes')).toEqual({
      'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {}, 'f:k3': {}, 'f:k4': {}, 'f:k5': {} },
    });
  });
});

describe('apply', () => {
  test('creates, and owns exactly what the configuration says', () => {
    const { object, changed } = apply(undefined, configMap({ k: 'v' }), { manager: 'a' });
    expect(changed).toBe(true);
    expect(object.metadata.managedFields).toEqual([
      {
        manager: 'a',
        operation: 'Apply',
        apiVersion: 'v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:k': {} } },
      },
    ]);
  });

  test('a field that is no longer applied goes when nobody else owns it', () => {
    const first = apply(undefined, configMap({ a: '1', b: '1' }), { manager: 'a' }).object;
    expect(apply(first, configMap({ a: '1' }), { manager: 'a' }).object['data']).toEqual({ a: '1' });
    const shared = apply(first, configMap({ b: '1' }), { manager: 'other' }).object;
    expect(apply(shared, configMap({ a: '1' }), { manager: 'a' }).object['data']).toEqual({ a: '1', b: '1' });
  });

  test('an empty apply removes all that the manager owned, and the manager', () => {
    const first = apply(undefined, configMap({ a: '1' }, { labels: { x: 'y' } }), { manager: 'a' }).object;
    const emptied = apply(first, configMap(undefined), { manager: 'a' }).object;
    expect(emptied['data']).toBeUndefined();
    expect(emptied.metadata.labels).toBeUndefined();
    expect(emptied.metadata.managedFields).toEqual([]);
  });

  test('one conflict is worded as the API server words it', () => {
    const created = update(undefined, configMap({ k: 'v' }), { manager: 'kubectl-create' });
    const status = statusOf(() => apply(created, configMap({ k: 'w' }), { manager: 'a' }));
    expect(status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "kubectl-create" using v1: .data.k',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl-create" using v1',
            field: '.data.k',
          },
        ],
      },
    });
  });

  test('several conflicts are grouped by manager', () => {
    const one = apply(undefined, configMap({ a: '1' }), { manager: 'zed' }).object;
    const two = update(
      one,
      { ...one, data: { a: '1', b: '1', c: '1' } },
      { manager: 'bob', subresource: 'status' },
    );
    const status = statusOf(() => apply(two, configMap({ a: '2', b: '2', c: '2' }), { manager: 'x' }));
    expect(status.message).toBe(
      'Apply failed with 3 conflicts: conflicts with "bob" with subresource "status" using v1:\n- .data.b\n- .data.c\nconflicts with "zed":\n- .data.a',
    );
  });

  test('force takes the fields; the same value is shared without force', () => {
    const created = update(undefined, configMap({ k: 'v', l: 'v' }), { manager: 'm' });
    const forced = apply(created, configMap({ k: 'w' }), { manager: 'a', force: true }).object;
    expect(fieldsOf(forced, 'm')).toEqual({ 'f:data': { '.': {}, 'f:l': {} } });
    const shared = apply(created, configMap({ k: 'v' }), { manager: 'a' }).object;
    expect(fieldsOf(shared, 'm')).toEqual({ 'f:data': { '.': {}, 'f:k': {}, 'f:l': {} } });
    expect(fieldsOf(shared, 'a')).toEqual({ 'f:data': { 'f:k': {} } });
  });

  test('an object without managedFields is owned by before-first-apply', () => {
    const live = configMap({ k: 'v' }, { uid: 'u' });
    const status = statusOf(() => apply(live, configMap({ k: 'w' }), { manager: 'a' }));
    expect(status.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.k',
    );
    const merged = apply(live, configMap({ n: 'w' }), { manager: 'a' }).object;
    expect(merged['data']).toEqual({ k: 'v', n: 'w' });
    expect(fieldsOf(merged, 'before-first-apply')).toEqual({ 'f:data': { '.': {}, 'f:k': {} } });
  });

  test('the same apply again changes nothing, the time included', () => {
    const first = apply(undefined, configMap({ a: '1' }), { manager: 'a' }).object;
    expect(apply(first, configMap({ a: '1' }), { manager: 'a', time: later })).toEqual({
      object: first,
      changed: false,
    });
  });

  test('kubectl takes over what it applied from the client, and renews the annotation', () => {
    const key = 'kubectl.kubernetes.io/last-applied-configuration';
    const text = JSON.stringify(configMap({ k: 'v' }));
    const live = update(undefined, configMap({ k: 'v' }, { annotations: { [key]: text } }), {
      manager: 'kubectl-client-side-apply',
    });
    const { object } = apply(live, configMap({ k: 'w' }), { manager: 'kubectl' });
    expect(object['data']).toEqual({ k: 'w' });
    expect(JSON.parse(object.metadata.annotations![key]!)).toEqual(configMap({ k: 'w' }));
    expect(statusOf(() => apply(live, configMap({ k: 'w' }), { manager: 'other' })).code).toBe(409);
  });

  test('managedFields in the configuration and another version are refused', () => {
    expect(
      statusOf(() => apply(undefined, configMap({}, { managedFields: [] }), { manager: 'a' })),
    ).toMatchObject({
      code: 400,
      message: 'metadata.managedFields must be nil',
    });
    const other = { ...configMap({}), apiVersion: 'v2' };
    expect(statusOf(() => apply(undefined, other, { manager: 'a' })).message).toContain(
      'Incorrect version specified in apply patch',
    );
  });

  test('containers merge by name, keep the order of the configuration; who owns but a field of an item does not hold the item', () => {
    const pod = (containers: unknown[]): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers },
    });
    const options = { manager: 'a', schema: schemaOf('Pod') };
    const first = apply(
      undefined,
      pod([
        { name: 'b', image: 'x' },
        { name: 'd', image: 'x' },
      ]),
      options,
    ).object;
    const containers = (first['spec'] as { containers: Record<string, unknown>[] }).containers;
    const defaulted = {
      ...first,
      spec: {
        containers: [
          { name: 'injected', image: 'i' },
          ...containers.map((one) => ({ ...one, imagePullPolicy: 'Always' })),
        ],
      },
    };
    const live = update(first, defaulted, { ...options, manager: 'webhook' });
    const next = apply(
      live,
      pod([
        { name: 'd', image: 'y' },
        { name: 'a', image: 'x' },
      ]),
      options,
    ).object;
    expect(next['spec']).toEqual({
      containers: [
        { name: 'injected', image: 'i' },
        { name: 'd', image: 'y', imagePullPolicy: 'Always' },
        { name: 'a', image: 'x' },
      ],
    });
  });

  test('finalizers are a set, selectors are one piece', () => {
    const one = apply(undefined, configMap(undefined, { finalizers: ['a/x'] }), { manager: 'a' }).object;
    const two = apply(one, configMap(undefined, { finalizers: ['b/y'] }), { manager: 'b' }).object;
    expect(two.metadata.finalizers).toEqual(['a/x', 'b/y']);
    expect(fieldsOf(two, 'b')).toEqual({ 'f:metadata': { 'f:finalizers': { 'v:"b/y"': {} } } });
    const service = (selector: Record<string, string>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { selector },
    });
    const options = { schema: schemaOf('Service') };
    const live = apply(undefined, service({ app: 'x' }), { manager: 'a', ...options }).object;
    expect(
      statusOf(() => apply(live, service({ tier: 'y' }), { manager: 'b', ...options })).message,
    ).toContain('.spec.selector');
  });
});

const keys = ['a', 'b', 'c', 'd'];
const dataOf = dictionary(constantFrom(...keys), constantFrom('1', '2'), { maxKeys: 4 });
const writes = uniqueArray(
  record({ id: integer(), manager: constantFrom('x', 'y', 'z'), isApply: boolean(), data: dataOf }),
  { selector: (write) => write.id, maxLength: 12 },
);

describe('properties', () => {
  test('whatever was written: applying twice is a no-op, entries survive the wire, owned fields exist', () => {
    assert(
      property(writes, dataOf, (history, last) => {
        let object: KubeObject | undefined;
        for (const { manager, isApply, data } of history) {
          object =
            isApply || !object
              ? apply(object, configMap(data), { manager, force: true }).object
              : update(object, { ...object, data }, { manager });
        }
        const once = apply(object, configMap(last), { manager: 'x', force: true }).object;
        const twice = apply(JSON.parse(JSON.stringify(once)) as KubeObject, configMap(last), {
          manager: 'x',
          force: true,
        });
        expect(twice).toEqual({ object: once, changed: false });
        expect(once['data'] ?? {}).toMatchObject(last);
        for (const entry of once.metadata.managedFields ?? []) {
          const owned = Object.keys(entry.fieldsV1['f:data'] ?? {}).filter((key) => key !== '.');
          for (const key of owned) expect(once['data']).toHaveProperty([key.slice(2)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('two appliers of disjoint fields never meet, and each can withdraw its own', () => {
    assert(
      property(dataOf, dataOf, (left, right) => {
        const mine = Object.fromEntries(Object.entries(left).map(([key, value]) => [`x-${key}`, value]));
        const theirs = Object.fromEntries(Object.entries(right).map(([key, value]) => [`y-${key}`, value]));
        const both = apply(apply(undefined, configMap(mine), { manager: 'x' }).object, configMap(theirs), {
          manager: 'y',
        }).object;
        expect(both['data'] ?? {}).toEqual({ ...mine, ...theirs });
        expect(apply(both, configMap({}), { manager: 'x' }).object['data'] ?? {}).toEqual(theirs);
      }),
    );
  });
});
