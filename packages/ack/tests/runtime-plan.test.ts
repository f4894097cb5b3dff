// A plan against a real API server and an AWS in memory: it tells what would be done, and does nothing.
import { fixedCredentials } from '@pergola/aws-client';
import { seededRandom, systemClock } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { importResource } from '../src/import/import-resource.ts';
import type { AckOperator } from '../src/index.ts';
import { planResources } from '../src/plan/plan.ts';
import { arnOf, group, thingKind } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

let cluster: Cluster;
let operator: AckOperator;
const kind = thingKind({ isStateful: true });

beforeAll(async () => {
  cluster = await startCluster([kind]);
  operator = await cluster.operator({ driftCheckMs: 3_600_000 });
  await cluster.apply('there', { name: 'there', size: 1, zone: 'a' });
  await vi.waitFor(async () => {
    expect((await cluster.conditions('there'))['ACK.ResourceSynced']?.status).toBe('True');
  });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const credentials = fixedCredentials({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' });
const common = () => ({
  aws: { endpoint: cluster.stsUrl, region: 'us-east-1', clock: systemClock, credentials },
  callAws: cluster.aws.call,
  clock: systemClock,
  random: seededRandom(),
});
const thing = (name: string, spec: object, annotations: Record<string, string> = {}): KubeResource => ({
  apiVersion: `${group}/v1alpha1`,
  kind: 'Thing',
  metadata: { name, namespace, annotations },
  spec: { name, ...spec },
});

async function plan(...objects: KubeResource[]) {
  const before = [cluster.aws.writes().length, (await cluster.get('there'))?.metadata.resourceVersion];
  const planned = await planResources({ ...common(), kinds: [kind], objects, client: cluster.client });
  expect([cluster.aws.writes().length, (await cluster.get('there'))?.metadata.resourceVersion]).toEqual(
    before,
  );
  return planned;
}

test('what does not exist is created, with what it needs from others in the same file', async () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace },
    stringData: { p: 'hidden' },
  };
  const [first, second] = await plan(
    secret,
    thing('new', { size: 2, password: { name: 's', key: 'p' } }),
    thing('user', { roleRef: { from: { name: 'new' } } }),
  );
  expect(first).toEqual({
    kind: 'Thing',
    group,
    namespace,
    name: 'new',
    arn: undefined,
    action: 'create',
    because: undefined,
    differences: [],
    calls: ['CreateThing'],
    permissions: ['things:CreateThing', 'things:DescribeThing'],
  });
  expect(second).toMatchObject({ action: 'create', calls: ['CreateThing'] });
  expect(JSON.stringify([first, second])).not.toContain('hidden');
});

test('nothing is planned for what is as it is wanted', async () => {
  const [planned] = await plan(thing('there', { size: 1 }));
  expect(planned).toMatchObject({
    action: 'none',
    calls: [],
    arn: arnOf('there'),
    permissions: ['things:DescribeThing'],
  });
});

test('an update tells fields and calls', async () => {
  const [planned] = await plan(thing('there', { size: 5 }));
  expect(planned).toMatchObject({
    action: 'update',
    differences: [{ path: 'size', wanted: 5, observed: 1, effect: 'update' }],
    calls: ['ModifyThing'],
  });
});

test('a replacement says what it costs, and what allows it', async () => {
  const [planned] = await plan(thing('there', { zone: 'b' }));
  expect(planned).toMatchObject({
    action: 'replace',
    because:
      'refused without the annotation services.k8s.aws/replace-policy: delete-and-create; its data would be lost',
    calls: ['DeleteThing', 'CreateThing'],
  });
});

test('what is not ours, or cannot be resolved, fails in the plan as it would in the cluster', async () => {
  cluster.aws.things.set('alien', {
    name: 'alien',
    size: 3,
    color: 'red',
    zone: undefined,
    password: undefined,
    role: undefined,
    tags: { 'aws:system': 'x', own: 'y', 'services.k8s.aws/namespace': 'n' },
    state: 'available',
    items: 0,
  });
  const planned = await plan(
    thing('alien', {}),
    thing('waits', { roleRef: { from: { name: 'nowhere' } } }),
    thing('secretive', { password: { name: 'nowhere', key: 'p' } }),
  );
  expect(planned.map(({ action }) => action)).toEqual(['fail', 'fail', 'fail']);
  expect(planned[0]?.because).toContain('Resource already exists');
  expect(planned[1]?.because).toContain('"nowhere" not found');
  expect(planned[2]?.because).toBe(`kubernetes secret not found: ${namespace}/nowhere`);
});

test('what exists becomes a manifest by which the controller adopts it unchanged', async () => {
  expect(await importResource({ ...common(), kind, name: 'missing', namespace })).toBeUndefined();
  const imported = await importResource({ ...common(), kind, name: 'alien', namespace });
  expect(imported?.secrets).toEqual(['password']);
  const manifest = imported?.manifest;
  if (!manifest) throw new Error('nothing was imported');
  expect(manifest).toEqual({
    apiVersion: `${group}/v1alpha1`,
    kind: 'Thing',
    metadata: {
      name: 'alien',
      namespace,
      annotations: {
        'services.k8s.aws/adoption-policy': 'adopt',
        'services.k8s.aws/adoption-fields': '{"name":"alien"}',
        'services.k8s.aws/region': 'us-east-1',
      },
    },
    spec: { name: 'alien', size: 3, color: 'red', tags: { own: 'y' } },
  });
  expect((await plan(manifest))[0]).toMatchObject({ action: 'adopt', calls: [] });
  await cluster.client.create(cluster.type, manifest);
  await eventually(async () => (await cluster.conditions('alien'))['ACK.Adopted']?.status).toBe('True');
});

test('what the API server would refuse is said before AWS is asked', async () => {
  const calls = cluster.aws.calls.length;
  const [typo, type, unknown, foreign] = await plan(
    thing('typo', { siz: 5 }),
    thing('type', { size: 'big', role: null }),
    { ...thing('which', {}), kind: 'Thin' },
    { apiVersion: 'ec2.services.k8s.aws/v1alpha1', kind: 'VPC', metadata: { name: 'v' } },
  );
  expect(typo).toMatchObject({
    action: 'fail',
    because: 'the API server will refuse it: unknown field "spec.siz" (is it size?)',
  });
  expect(type).toMatchObject({
    action: 'fail',
    because: expect.stringContaining('spec.size: Invalid value'),
  });
  expect(type?.because).not.toContain('role');
  expect(unknown).toMatchObject({ action: 'fail', because: `${group} has no kind Thin; it has Thing` });
  expect(foreign).toBeUndefined();
  expect(cluster.aws.calls.length).toBe(calls);
  const { name: _, ...nameless } = thing('nameless', {})['spec'];
  const [incomplete] = await plan({ ...thing('nameless', {}), spec: nameless });
  expect(incomplete?.because).toContain('spec.name: Required value');
});
