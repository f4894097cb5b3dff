// FieldExports against a real API server.
import { resourceTypes } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { fieldExports } from '../src/runtime/cluster/custom-types.ts';
import { arnOf, group } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

const { configmaps, secrets } = resourceTypes;

let cluster: Cluster;
let operator: AckOperator;

beforeAll(async () => {
  cluster = await startCluster();
  operator = await cluster.operator({ driftCheckMs: 3_600_000 });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const create = (name: string, path: string, to: object) =>
  cluster.client.create(fieldExports, {
    apiVersion: 'services.k8s.aws/v1alpha1',
    kind: 'FieldExport',
    metadata: { name, namespace },
    spec: { from: { path, resource: { group, kind: 'Thing', name: 'source' } }, to },
  });
const message = (name: string) =>
  eventually(async () => {
    const object = await cluster.client.get(fieldExports, { name, namespace });
    const conditions: { type: string; message?: string }[] = object['status']?.conditions ?? [];
    return conditions.find(({ type }) => type === 'ACK.Recoverable')?.message;
  });

test('a field goes into a ConfigMap that is made for it, follows the resource, and stays', async () => {
  await create('size', '.spec.size', { kind: 'configmap', name: 'app', key: 'SIZE' });
  await message('size').toBe(`the source resource Thing ${namespace}/source does not exist`);
  await cluster.apply('source', { name: 'source', size: 3 });
  const data = () =>
    eventually(async () => (await cluster.client.find(configmaps, { name: 'app', namespace }))?.['data']);
  await data().toEqual({ SIZE: '3' });
  await message('size').toBeUndefined();
  await create('arn', '.status.ackResourceMetadata.arn', { kind: 'configmap', name: 'app' });
  await data().toEqual({ SIZE: '3', [`${namespace}.arn`]: arnOf('source') });
  await cluster.patchSpec('source', { size: 4 });
  await data().toMatchObject({ SIZE: '4' });
  await cluster.client.delete(fieldExports, { name: 'arn', namespace });
  await eventually(() => cluster.client.find(fieldExports, { name: 'arn', namespace })).toBeUndefined();
  await data().toMatchObject({ [`${namespace}.arn`]: arnOf('source') });
});

test('a field goes into a Secret that is there already', async () => {
  await cluster.client.create(secrets, {
    metadata: { name: 'app', namespace },
    type: 'Opaque',
    data: { own: Buffer.from('kept').toString('base64') },
  });
  await create('secret', '.spec.name', { kind: 'secret', name: 'app', key: 'NAME' });
  await eventually(
    async () => (await cluster.client.get(secrets, { name: 'app', namespace }))['data'],
  ).toEqual({
    own: Buffer.from('kept').toString('base64'),
    NAME: Buffer.from('source').toString('base64'),
  });
});

test.each([
  ['nothing', '.status.nothing', 'path does not exist in this object: .status.nothing'],
  ['whole', '.status', 'what .status names is no string, number or boolean'],
  ['piped', '.spec | keys', "unable to parse path: '.spec | keys'"],
])('%s: the status says why', async (name, path, because) => {
  await create(name, path, { kind: 'configmap', name: 'none' });
  await message(name).toBe(because);
  expect(await cluster.client.find(configmaps, { name: 'none', namespace })).toBeUndefined();
});
