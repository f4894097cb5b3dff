// Several resources that describe one of AWS: one of them writes it, the others say whose it is.
import { AwsError, type AwsTarget, type OperationCall } from '@pergola/aws-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { arnOf } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

let cluster: Cluster;
let operator: AckOperator;
const start = () => cluster.operator({ driftCheckMs: 100, callAws });

/** As S3 in us-east-1 does: who has it may make it again. */
const callAws = async (target: AwsTarget, call: OperationCall) => {
  try {
    return await cluster.aws.call(target, call);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ThingAlreadyExists') throw error;
    const { Name } = call.input as { readonly Name: string };
    return { output: { Arn: arnOf(Name) }, requestId: 'r' };
  }
};

beforeAll(async () => {
  cluster = await startCluster();
  operator = await start();
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const condition = (name: string, type: string) =>
  eventually(async () => (await cluster.conditions(name))[type] ?? { status: 'absent' });
const remove = (name: string) => cluster.client.delete(cluster.type, { name, namespace });
const adopting = { annotations: { 'services.k8s.aws/adoption-policy': 'adopt-or-create' } };
const writesOf = (name: string) =>
  cluster.aws.calls.filter(({ operation, input }) => input['Name'] === name && operation !== 'DescribeThing')
    .length;

test('of many that come at once, one makes it', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `copy-${at}`);
  await Promise.all(names.map((name) => cluster.apply(name, { name: 'shared', size: 3 })));
  await eventually(async () => {
    const all = await Promise.all(names.map((name) => cluster.conditions(name)));
    const isSynced = all.filter((each) => each['ACK.ResourceSynced']?.status === 'True');
    const isRefused = all.filter((each) => each['ACK.Terminal']?.message === 'Resource already exists');
    return [isSynced.length, isRefused.length];
  }).toEqual([1, 11]);
  expect(writesOf('shared')).toBe(1);
});

test('what belongs to one is adopted by no other, until it is free', async () => {
  await cluster.apply('first', { name: 'disputed', size: 3 });
  await condition('first', 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
  await cluster.apply('second', { name: 'disputed', size: 5 }, adopting);
  await condition('second', 'ACK.Terminal').toMatchObject({
    status: 'True',
    reason: 'OwnedByAnother',
    message: expect.stringContaining(`${arnOf('disputed')} belongs to Thing ${namespace}/first`),
  });
  expect(cluster.aws.things.get('disputed')?.size).toBe(3);

  await cluster.annotate('first', { 'services.k8s.aws/deletion-policy': 'retain' });
  await remove('first');
  await condition('second', 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
  expect(cluster.aws.things.get('disputed')?.size).toBe(5);
});

test('after a restart the oldest of two that have it keeps it, and the other one deletes nothing', async () => {
  await cluster.apply('older', { name: 'double', size: 3 });
  await condition('older', 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
  await operator[Symbol.asyncDispose]();
  const older = await cluster.get('older');
  // As an operator leaves it that looks for no owner.
  const finalizers = older?.metadata.finalizers ?? [];
  await cluster.apply('younger', { name: 'double', size: 5 }, { finalizers });
  const status = { ackResourceMetadata: older?.['status'].ackResourceMetadata };
  await cluster.client.patch(
    cluster.type,
    { name: 'younger', namespace },
    { kind: 'merge', body: { status }, subresource: 'status' },
  );
  operator = await start();
  await condition('younger', 'ACK.Terminal').toMatchObject({ status: 'True', reason: 'OwnedByAnother' });
  await condition('older', 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
  const before = writesOf('double');
  await remove('younger');
  await eventually(() => cluster.get('younger')).toBeUndefined();
  expect(cluster.aws.things.get('double')?.size).toBe(3);
  expect(writesOf('double')).toBe(before);
});

test('any number may read what belongs to one', async () => {
  await cluster.apply('writer', { name: 'read', size: 3 });
  await condition('writer', 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
  const reading = { annotations: { ...adopting.annotations, 'services.k8s.aws/read-only': 'true' } };
  await cluster.apply('reader', { name: 'read', size: 3 }, reading);
  await condition('reader', 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
});
