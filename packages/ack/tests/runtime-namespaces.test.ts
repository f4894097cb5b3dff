// What reaches into another namespace: said where it is allowed, refused where the operator does not allow it.
import { resourceTypes } from '@pergola/kube-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { fieldExports } from '../src/runtime/cluster/custom-types.ts';
import { group } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

const other = 'vault';
const { configmaps, namespaces, secrets } = resourceTypes;
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.client.create(namespaces, { metadata: { name: other } });
  await cluster.client.create(secrets, {
    metadata: { name: 'password', namespace: other },
    type: 'Opaque',
    data: { text: Buffer.from('not-yours').toString('base64') },
  });
});
afterAll(() => cluster[Symbol.asyncDispose]());

const condition = (name: string, type: string) =>
  eventually(async () => (await cluster.conditions(name))[type] ?? { status: 'absent' });
const password = { namespace: other, name: 'password', key: 'text' };
const exporting = (name: string, source: string) =>
  cluster.client.create(fieldExports, {
    metadata: { name, namespace },
    spec: {
      from: { path: '.spec.size', resource: { group, kind: 'Thing', name: source } },
      to: { kind: 'configmap', namespace: other, name, key: 'SIZE' },
    },
  });

describe.each([true, false])('crossNamespace %s', (crossNamespace) => {
  let operator: AckOperator;
  const named = (name: string) => `${name}-${crossNamespace}`;

  beforeAll(async () => {
    operator = await cluster.operator({ crossNamespace });
  });
  afterAll(() => operator[Symbol.asyncDispose]());

  test('a Secret', async () => {
    const name = named('secret');
    await cluster.apply(name, { name, password });
    if (crossNamespace) {
      await condition(name, 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
      await condition(name, 'ACK.Advisory').toMatchObject({
        reason: 'CrossNamespace',
        message: expect.stringContaining('it uses Secret vault/password of another namespace'),
      });
    } else {
      await condition(name, 'ACK.Terminal').toMatchObject({
        status: 'True',
        message: expect.stringContaining('cross-namespace secret reference is not allowed'),
      });
      expect(cluster.aws.things.has(name)).toBe(false);
    }
    const said = JSON.stringify([await cluster.get(name), await cluster.events(name), operator.metrics()]);
    expect(said).not.toMatch(/not-yours|bm90LXlvdXJz/);
  });

  test('a reference', async () => {
    const [target, name] = [named('target'), named('reference')];
    await cluster.apply(target, { name: target }, { namespace: other });
    await cluster.apply(name, { name, roleRef: { from: { name: target, namespace: other } } });
    if (crossNamespace) {
      await condition(name, 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
      await condition(name, 'ACK.Advisory').toMatchObject({ reason: 'CrossNamespace' });
      return;
    }
    await condition(name, 'ACK.Terminal').toMatchObject({
      status: 'True',
      message: expect.stringContaining('cross-namespace resource reference is not allowed'),
    });
  });

  test('an export', async () => {
    const [source, name] = [named('source'), named('export')];
    await cluster.apply(source, { name: source, size: 3 });
    await exporting(name, source);
    const conditions = async () =>
      (await cluster.client.get(fieldExports, { name, namespace }))['status']?.conditions ?? [];
    const written = () => cluster.client.find(configmaps, { name, namespace: other });
    if (crossNamespace) {
      await eventually(async () => (await written())?.['data']).toEqual({ SIZE: '3' });
      return;
    }
    await eventually(conditions).toContainEqual(
      expect.objectContaining({
        type: 'ACK.Recoverable',
        message: expect.stringContaining('cross-namespace field export is not allowed'),
      }),
    );
    expect(await written()).toBeUndefined();
  });

  test('what stays within its namespace is not spoken of', async () => {
    const name = named('own');
    await cluster.apply(name, { name, roleRef: { from: { name: named('source'), namespace } } });
    await condition(name, 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
    expect(await cluster.conditions(name)).not.toHaveProperty('ACK.Advisory');
  });
});
