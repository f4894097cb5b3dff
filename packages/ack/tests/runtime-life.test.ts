// A resource's life with the controller: made, changed, mended, deleted, against a real API server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { arnOf } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

let cluster: Cluster;
let operator: AckOperator;

beforeAll(async () => {
  cluster = await startCluster();
  operator = await cluster.operator({ driftCheckMs: 300 });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const synced = (name: string) =>
  eventually(async () => (await cluster.conditions(name))['ACK.ResourceSynced']?.status).toBe('True');

test('a resource is made, shown, changed, mended and deleted', async () => {
  const { aws, client } = cluster;
  await cluster.apply('one', { name: 'one', size: 3 });
  await synced('one');
  const object = await cluster.get('one');
  expect(object?.metadata.finalizers).toEqual([`finalizers.things.services.k8s.aws/Thing`]);
  expect(object?.['status']).toMatchObject({
    state: 'available',
    ackResourceMetadata: {
      arn: arnOf('one'),
      ownerAccountID: '123456789012',
      region: 'us-east-1',
      partition: 'aws',
    },
  });
  // AWS chose the colour, and ACK writes it back.
  expect(object?.['spec'].color).toBe('grey');
  expect(aws.things.get('one')?.tags).toEqual({
    'services.k8s.aws/controller-version': 'things-v0.1.0',
    'services.k8s.aws/namespace': namespace,
  });
  expect((await cluster.conditions('one'))['Ready']).toMatchObject({ status: 'True' });

  await cluster.patchSpec('one', { size: 4 });
  await eventually(() => aws.things.get('one')?.size).toBe(4);
  await synced('one');
  expect((await cluster.conditions('one'))['Pergola.Drifted']).toBeUndefined();

  const thing = aws.things.get('one');
  if (thing) thing.size = 9;
  await eventually(() => aws.things.get('one')?.size).toBe(4);
  await eventually(async () => (await cluster.conditions('one'))['Pergola.Drifted']).toMatchObject({
    status: 'False',
    reason: 'Mended',
    message: 'size: 4 wanted, 9 found',
  });

  await client.delete(cluster.type, { name: 'one', namespace });
  await eventually(() => cluster.get('one')).toBeUndefined();
  expect(aws.things.has('one')).toBe(false);
  expect(aws.writes()).toEqual(['CreateThing', 'ModifyThing', 'ModifyThing', 'DeleteThing']);
  await eventually(async () => (await cluster.events('one')).map((text) => text.split(':')[0])).toEqual([
    'Created',
    'Updated',
    'Drifted',
    'Mended',
    'Deleted',
  ]);
});

test('a steady resource causes no write, and no call but the drift check', async () => {
  const { aws } = cluster;
  await cluster.apply('steady', { name: 'steady', size: 1 });
  await synced('steady');
  const version = async () => (await cluster.get('steady'))?.metadata.resourceVersion;
  const before = await version();
  const looks = () => aws.calls.filter(({ input }) => input['Name'] === 'steady').length;
  const seen = looks();
  await eventually(looks).toBeGreaterThan(seen + 2);
  expect(await version()).toBe(before);
  expect(aws.calls.slice(-2).map(({ operation }) => operation)).toEqual(['DescribeThing', 'DescribeThing']);
});
