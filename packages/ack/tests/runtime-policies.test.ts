// What annotations ask of the controller: adoption, reading only, retention, replacement, drift, pause.
import { AwsError } from '@pergola/aws-client';
import { resourceTypes } from '@pergola/kube-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { arnOf, type Thing, thingKind } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

let cluster: Cluster;
let operator: AckOperator;
let serial = 0;
let name = '';

beforeAll(async () => {
  cluster = await startCluster([thingKind({ isStateful: true })]);
  operator = await cluster.operator({ driftCheckMs: 200 });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});
beforeEach(() => {
  name = `thing-${++serial}`;
  cluster.aws.before = undefined;
  cluster.aws.after = undefined;
});

const existing = (): Thing => ({
  name,
  size: 7,
  color: 'red',
  zone: 'a',
  password: undefined,
  role: undefined,
  tags: {},
  state: 'available',
  items: 0,
});
const condition = (type: string) =>
  eventually(async () => (await cluster.conditions(name))[type] ?? { status: 'absent' });
const synced = () => condition('ACK.ResourceSynced').toMatchObject({ status: 'True' });
const gone = () => eventually(() => cluster.get(name)).toBeUndefined();
const remove = () => cluster.client.delete(cluster.type, { name, namespace });
const annotated = (annotations: Record<string, string>) => ({
  annotations: Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`services.k8s.aws/${key}`, value]),
  ),
});
const mine = () =>
  cluster.aws.calls.filter(({ input }) => input['Name'] === name).map(({ operation }) => operation);

test('what holds data is retained unless the resource says delete', async () => {
  await cluster.apply(name, { name });
  await synced();
  await remove();
  await gone();
  expect(cluster.aws.things.has(name)).toBe(true);
  expect((await cluster.events(name)).at(-1)).toContain(`Retained: AWS keeps ${arnOf(name)}`);

  cluster.aws.things.delete(name);
  await cluster.apply(name, { name }, annotated({ 'deletion-policy': 'delete' }));
  await synced();
  await remove();
  await gone();
  expect(cluster.aws.things.has(name)).toBe(false);
});

test('the namespace may say delete, but data needs a word on the resource itself', async () => {
  const policy = (value: string | null) =>
    cluster.client.patch(
      resourceTypes.namespaces,
      { name: namespace },
      {
        kind: 'merge',
        body: { metadata: { annotations: { 'things.services.k8s.aws/deletion-policy': value } } },
      },
    );
  await cluster.apply(name, { name });
  await synced();
  const thing = cluster.aws.things.get(name);
  if (thing) thing.items = 3;
  await policy('delete');
  await remove();
  await condition('ACK.Advisory').toMatchObject({ status: 'True', reason: 'DataAtRisk' });
  expect((await cluster.conditions(name))['ACK.Advisory']?.message).toContain('it holds 3 items');
  expect(cluster.aws.things.has(name)).toBe(true);
  await cluster.annotate(name, { 'services.k8s.aws/deletion-policy': 'delete' });
  await gone();
  expect(cluster.aws.things.has(name)).toBe(false);
  await policy(null);
});

test('what exists and is not ours is refused, and stays when its resource goes', async () => {
  cluster.aws.things.set(name, existing());
  await cluster.apply(name, { name, size: 1 }, annotated({ 'deletion-policy': 'delete' }));
  await condition('ACK.Terminal').toMatchObject({ status: 'True', message: 'Resource already exists' });
  expect((await cluster.conditions(name))['Ready']).toMatchObject({
    status: 'False',
    reason: 'ACK.Terminal',
  });
  expect((await cluster.get(name))?.metadata.finalizers).toBeUndefined();
  await remove();
  await gone();
  expect(cluster.aws.things.get(name)?.size).toBe(7);
});

test('adopt takes the spec from AWS', async () => {
  await cluster.apply(
    name,
    { name: 'irrelevant' },
    annotated({ 'adoption-policy': 'adopt', 'adoption-fields': JSON.stringify({ name }) }),
  );
  await condition('ACK.Recoverable').toMatchObject({ message: 'adopted resource not found' });
  cluster.aws.things.set(name, existing());
  await synced();
  const object = await cluster.get(name);
  expect(object?.['spec']).toMatchObject({ name, size: 7, color: 'red', zone: 'a' });
  expect(object?.metadata.annotations?.['services.k8s.aws/adopted']).toBe('true');
  expect((await cluster.conditions(name))['ACK.Adopted']).toMatchObject({ status: 'True' });
  expect(object?.['status'].ackResourceMetadata.arn).toBe(arnOf(name));
});

test('adopt-or-create takes over what is there and makes it what the spec says, or makes it', async () => {
  cluster.aws.things.set(name, existing());
  await cluster.apply(name, { name, size: 2 }, annotated({ 'adoption-policy': 'adopt-or-create' }));
  await synced();
  expect(cluster.aws.things.get(name)).toMatchObject({ size: 2, color: 'red' });
  expect(mine()).not.toContain('CreateThing');
  const other = `${name}-new`;
  await cluster.apply(other, { name: other }, annotated({ 'adoption-policy': 'adopt-or-create' }));
  await eventually(() => cluster.aws.things.has(other)).toBe(true);
});

test.each([
  [
    { 'adoption-policy': 'steal' },
    "annotation services.k8s.aws/adoption-policy is 'steal': it must be adopt or adopt-or-create",
  ],
  [
    { 'adoption-policy': 'adopt' },
    'annotation services.k8s.aws/adoption-fields is missing: it says what to adopt',
  ],
  [
    { 'adoption-policy': 'adopt', 'adoption-fields': '[1]' },
    'annotation services.k8s.aws/adoption-fields must be a JSON object of strings, such as {"name":"x"}',
  ],
  [
    { 'adoption-policy': 'adopt', 'adoption-fields': '{"nome":"x"}' },
    'annotation services.k8s.aws/adoption-fields: unknown field nome',
  ],
  [
    { 'deletion-policy': 'maybe' },
    "annotation services.k8s.aws/deletion-policy is 'maybe': it must be delete or retain",
  ],
])('%j is refused, and tried again when it is mended', async (annotations, message) => {
  await cluster.apply(name, { name }, annotated(annotations));
  await condition('ACK.Terminal').toMatchObject({ status: 'True', message });
  expect(mine()).toEqual([]);
  await cluster.annotate(
    name,
    Object.fromEntries(Object.keys(annotations).map((key) => [`services.k8s.aws/${key}`, null])),
  );
  await synced();
});

test('read-only shows what is there, and changes nothing', async () => {
  await cluster.apply(name, { name, size: 1 }, annotated({ 'read-only': 'true' }));
  await condition('ACK.Recoverable').toMatchObject({ message: 'resource not found' });
  cluster.aws.things.set(name, existing());
  await condition('Pergola.Drifted').toMatchObject({ status: 'True', reason: 'ReadOnly' });
  expect((await cluster.conditions(name))['Pergola.Drifted']?.message).toContain('size: 1 wanted, 7 found');
  await remove();
  await gone();
  expect(cluster.aws.things.get(name)?.size).toBe(7);
  expect(mine().filter((operation) => operation !== 'DescribeThing')).toEqual([]);
});

test('a field that cannot be changed is refused, or the resource made anew where that is allowed', async () => {
  await cluster.apply(name, { name, zone: 'a' });
  await synced();
  await cluster.patchSpec(name, { zone: 'b' });
  await condition('ACK.Terminal').toMatchObject({ status: 'True' });
  expect((await cluster.conditions(name))['ACK.Terminal']?.message).toMatch(/zone: "b" wanted, "a" found/);
  expect(cluster.aws.things.get(name)?.zone).toBe('a');
  await cluster.annotate(name, { 'services.k8s.aws/replace-policy': 'delete-and-create' });
  await eventually(() => cluster.aws.things.get(name)?.zone).toBe('b');
  await synced();
  expect((await cluster.conditions(name))['ACK.Terminal']).toBeUndefined();
  expect(mine().filter((operation) => operation !== 'DescribeThing')).toEqual([
    'CreateThing',
    'DeleteThing',
    'CreateThing',
  ]);
});

test('drift that is only to be reported is shown, until the spec or AWS changes', async () => {
  await cluster.apply(name, { name, size: 1 }, annotated({ 'drift-policy': 'report' }));
  await synced();
  const thing = cluster.aws.things.get(name);
  if (thing) thing.size = 5;
  await condition('Pergola.Drifted').toMatchObject({ status: 'True', message: 'size: 1 wanted, 5 found' });
  await condition('ACK.ResourceSynced').toMatchObject({ status: 'False', reason: 'size: 1 wanted, 5 found' });
  expect(thing?.size).toBe(5);
  await cluster.patchSpec(name, { size: 6 });
  await eventually(() => cluster.aws.things.get(name)?.size).toBe(6);
  await condition('Pergola.Drifted').toMatchObject({ status: 'absent' });
});

test('what is gone from AWS is made anew, or only reported', async () => {
  await cluster.apply(name, { name });
  await synced();
  cluster.aws.things.delete(name);
  await eventually(() => cluster.aws.things.has(name)).toBe(true);
  await eventually(async () =>
    (await cluster.events(name)).some((text) => text.includes('is gone from AWS')),
  ).toBe(true);
  await cluster.annotate(name, { 'services.k8s.aws/drift-policy': 'report' });
  await synced();
  cluster.aws.things.delete(name);
  await condition('Pergola.Drifted').toMatchObject({ status: 'True', reason: 'Deleted' });
  expect(cluster.aws.things.has(name)).toBe(false);
});

test('a paused resource is left alone until the annotation goes', async () => {
  await cluster.apply(name, { name }, annotated({ pause: 'true' }));
  await condition('ACK.Advisory').toMatchObject({ status: 'True', reason: 'Paused' });
  expect(mine()).toEqual([]);
  await cluster.annotate(name, { 'services.k8s.aws/pause': null });
  await synced();
});

test('an error of AWS that only another spec can mend is terminal, and nothing is left behind', async () => {
  await cluster.apply(name, { name, size: 2000 });
  await condition('ACK.Terminal').toMatchObject({
    status: 'True',
    message: 'InvalidParameterValue: Invalid size',
  });
  await condition('ACK.ResourceSynced').toMatchObject({ status: 'False' });
  expect((await cluster.get(name))?.metadata.finalizers).toBeUndefined();
  const calls = mine().length;
  await cluster.patchSpec(name, { size: 3 });
  await synced();
  expect(mine().length).toBeGreaterThan(calls);
});

test('a denial names the permission that is missing, once', async () => {
  const user = 'arn:aws:sts::123456789012:assumed-role/ack/pergola';
  cluster.aws.before = ({ operation, input }) => {
    if (operation !== 'CreateThing' || (input as Record<string, unknown>)['Name'] !== name) return;
    throw new AwsError(
      403,
      'AccessDenied',
      `User: ${user} is not authorized to perform: things:CreateThing on resource: ${arnOf(name)} because no identity-based policy allows the things:CreateThing action`,
    );
  };
  await cluster.apply(name, { name });
  await condition('ACK.Recoverable').toMatchObject({ status: 'True' });
  expect((await cluster.conditions(name))['ACK.Recoverable']?.message).toContain(
    `(add to a policy of arn:aws:iam::123456789012:role/ack: {"Effect":"Allow","Action":"things:CreateThing","Resource":"${arnOf(name)}"})`,
  );
  await eventually(async () => (await cluster.events(name)).map((text) => text.split(':')[0])).toEqual([
    'PermissionMissing',
  ]);
  expect((await cluster.get(name))?.metadata.finalizers).toBeUndefined();
  cluster.aws.before = undefined;
  await cluster.annotate(name, { 'services.k8s.aws/sync-requested-at': 'now' });
  await synced();
});

test('a resource that AWS refuses can be deleted all the same', async () => {
  await cluster.apply(name, { name, size: 5000 }, annotated({ 'deletion-policy': 'delete' }));
  await condition('ACK.Terminal').toMatchObject({ status: 'True' });
  await remove();
  await gone();
});
