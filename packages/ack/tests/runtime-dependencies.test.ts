// What a resource depends on: when it changes, the resource is reconciled at once, not at the next check.
import { AwsError } from '@pergola/aws-client';
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AckOperator } from '../src/index.ts';
import { roleSelectors } from '../src/runtime/cluster/custom-types.ts';
import { arnOf } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

const { secrets, namespaces, configmaps } = resourceTypes;

let cluster: Cluster;
let operator: AckOperator;

beforeAll(async () => {
  cluster = await startCluster();
  // No check comes to help: an hour is longer than any test.
  operator = await cluster.operator({ driftCheckMs: 3_600_000 });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const condition = (name: string, type: string) =>
  eventually(async () => (await cluster.conditions(name))[type] ?? { status: 'absent' });
const synced = (name: string) => condition(name, 'ACK.ResourceSynced').toMatchObject({ status: 'True' });
const last = (name: string) => cluster.aws.calls.findLast(({ input }) => input['Name'] === name);
const annotateNamespace = (annotations: Record<string, string | null>) =>
  cluster.client.patch(
    namespaces,
    { name: namespace },
    { kind: 'merge', body: { metadata: { annotations } } },
  );
const sync = (name: string) =>
  cluster.annotate(name, { 'services.k8s.aws/sync-requested-at': String(Math.random()) });

test('a reference waits for its target, and is filled as soon as that is in sync', async () => {
  await cluster.apply('user', { name: 'user', roleRef: { from: { name: 'target' } } });
  await condition('user', 'ACK.ReferencesResolved').toMatchObject({
    status: 'Unknown',
    message: 'Reference resolution failed',
    reason: 'things.things.services.k8s.aws "target" not found',
  });
  expect(last('user')).toBeUndefined();
  await cluster.apply('target', { name: 'target', size: 5000 });
  await condition('user', 'ACK.ReferencesResolved').toMatchObject({
    status: 'False',
    reason: `the referenced resource has 'ACK.Terminal' condition 'True'. Cannot be referenced. resource:Thing, namespace:${namespace}, name:target`,
  });
  await cluster.patchSpec('target', { size: 1 });
  await synced('user');
  expect((await cluster.conditions('user'))['ACK.ReferencesResolved']).toMatchObject({ status: 'True' });
  expect(cluster.aws.things.get('user')?.role).toBe(arnOf('target'));
  expect((await cluster.get('user'))?.['spec'].role).toBeUndefined();
});

test('value and reference together are refused', async () => {
  await cluster.apply('both', { name: 'both', role: 'x', roleRef: { from: { name: 'target' } } });
  await condition('both', 'ACK.Terminal').toMatchObject({
    message: 'both resource reference wrapper and ID cannot be used together: role,roleRef',
  });
});

test('a changed Secret is in force at once, and its text stands nowhere', async () => {
  const password = { name: 'creds', key: 'password' };
  const write = (value: string, labels = {}) => ({
    metadata: { name: 'creds', namespace, labels },
    type: 'Opaque',
    data: { password: Buffer.from(value).toString('base64') },
  });
  await cluster.apply('db', { name: 'db', password });
  await condition('db', 'ACK.Terminal').toMatchObject({
    message: `kubernetes secret not found: ${namespace}/creds`,
  });
  await cluster.client.create(secrets, write('first-word'));
  await synced('db');
  expect(cluster.aws.things.get('db')?.password).toBe('first-word');
  expect((await cluster.conditions('db'))['ACK.Terminal']).toBeUndefined();

  await cluster.client.update(secrets, write('second-word'));
  await eventually(() => cluster.aws.things.get('db')?.password).toBe('second-word');
  await synced('db');
  const modified = () => cluster.aws.writes().filter((operation) => operation === 'ModifyThing').length;
  const before = modified();

  // Labels make another version of the Secret, and no other password.
  await cluster.client.update(secrets, write('second-word', { any: 'label' }));
  const calls = cluster.aws.calls.length;
  await sync('db');
  await eventually(() => cluster.aws.calls.length).toBeGreaterThan(calls);
  await synced('db');
  expect(modified()).toBe(before);

  const text = JSON.stringify([await cluster.get('db'), await cluster.events('db')]);
  for (const word of ['first-word', 'second-word', Buffer.from('second-word').toString('base64')]) {
    expect(text).not.toContain(word);
  }
});

test('a word that AWS repeats from a Secret is not repeated here', async () => {
  await cluster.client.create(secrets, {
    metadata: { name: 'weak', namespace },
    type: 'Opaque',
    data: { password: Buffer.from('hunter "22').toString('base64') },
  });
  cluster.aws.before = ({ operation, input }) => {
    const { Name, Password } = input as Record<string, unknown>;
    if (operation === 'CreateThing' && Name === 'weak') {
      const sent = [String(Password), encodeURIComponent(String(Password)), JSON.stringify(Password)];
      throw new AwsError(400, 'InvalidParameterValue', `${sent.join(', ')} is too weak`);
    }
  };
  await cluster.apply('weak', { name: 'weak', password: { name: 'weak', key: 'password' } });
  await condition('weak', 'ACK.Terminal').toMatchObject({
    message: 'InvalidParameterValue: ***, ***, "***" is too weak',
  });
  await eventually(() => cluster.events('weak')).toEqual([
    'CreateThingFailed: InvalidParameterValue: ***, ***, "***" is too weak',
  ]);
  cluster.aws.before = undefined;
});

test('after a restart a Secret that has not changed is not given to AWS again', async () => {
  const modified = () => cluster.aws.writes().filter((operation) => operation === 'ModifyThing').length;
  const before = modified();
  await operator[Symbol.asyncDispose]();
  const calls = cluster.aws.calls.length;
  operator = await cluster.operator({ driftCheckMs: 3_600_000 });
  await eventually(() => cluster.aws.calls.slice(calls).some(({ input }) => input['Name'] === 'db')).toBe(
    true,
  );
  await sync('db');
  await synced('db');
  expect(modified()).toBe(before);
});

test('a Secret of another type is refused', async () => {
  await cluster.client.create(secrets, {
    metadata: { name: 'login', namespace },
    type: 'kubernetes.io/basic-auth',
    data: { username: '', password: '' },
  });
  await cluster.apply('typed', { name: 'typed', password: { name: 'login', key: 'password' } });
  await condition('typed', 'ACK.Terminal').toMatchObject({
    message: `only opaque secrets can be used: ${namespace}/login is of another type`,
  });
});

test('region: of the resource, of the namespace, and pinned once the resource exists', async () => {
  await annotateNamespace({ 'services.k8s.aws/default-region': 'eu-west-1' });
  await cluster.apply('european', { name: 'european' });
  await synced('european');
  expect(last('european')?.region).toBe('eu-west-1');
  await annotateNamespace({ 'services.k8s.aws/default-region': 'eu-west-2' });
  await condition('european', 'ACK.Terminal').toMatchObject({
    message:
      'the resource is in region eu-west-1, which cannot become eu-west-2: delete it and create it anew',
  });
  await annotateNamespace({ 'services.k8s.aws/default-region': null });
  await cluster.annotate('european', { 'services.k8s.aws/region': 'eu-west-1' });
  await synced('european');
});

test('another account is reached by the role in the account map, as soon as that names one', async () => {
  await annotateNamespace({ 'services.k8s.aws/owner-account-id': '111122223333' });
  await cluster.apply('foreign', { name: 'foreign' });
  await condition('foreign', 'ACK.ResourceSynced').toMatchObject({
    status: 'False',
    message: 'IAM Role is not available',
  });
  await cluster.client.create(configmaps, {
    metadata: { name: 'ack-role-account-map', namespace: 'ack-system' },
    data: { '111122223333': 'arn:aws:iam::111122223333:role/shared' },
  });
  await synced('foreign');
  expect(last('foreign')?.key).toBe('ASIA-shared');
  expect((await cluster.get('foreign'))?.['status'].ackResourceMetadata.ownerAccountID).toBe('111122223333');
  // Resources that exist stay in their account.
  await sync('target');
  await condition('target', 'ACK.Terminal').toMatchObject({ status: 'True' });
  await annotateNamespace({ 'services.k8s.aws/owner-account-id': null });
  await synced('target');
});

test('an IAMRoleSelector gives its role to what it selects; two of them are an error', async () => {
  const select = (name: string, labels: Record<string, string>): Promise<KubeResource> =>
    cluster.client.create(roleSelectors, {
      apiVersion: 'services.k8s.aws/v1alpha1',
      kind: 'IAMRoleSelector',
      metadata: { name },
      spec: {
        arn: `arn:aws:iam::123456789012:role/${name}`,
        namespaceSelector: { names: [namespace] },
        resourceTypeSelector: [{ kind: 'Other' }, { kind: 'Thing' }],
        resourceLabelSelector: { matchLabels: labels },
      },
    });
  await cluster.apply('chosen', { name: 'chosen' }, { labels: { team: 'a' } });
  await synced('chosen');
  const { metadata } = await select('team-a', { team: 'a' });
  await condition('chosen', 'ACK.IAMRoleSelected').toMatchObject({
    status: 'True',
    reason: 'Selected',
    message: `roleARN: arn:aws:iam::123456789012:role/team-a, selectorName: team-a, selectorResourceVersion: ${metadata.resourceVersion}`,
  });
  expect(last('chosen')?.key).toBe('ASIA-team-a');
  await select('also-a', { team: 'a' });
  await condition('chosen', 'ACK.Terminal').toMatchObject({
    message: 'more than one IAMRoleSelector selects this resource: also-a, team-a',
  });
  await cluster.client.delete(roleSelectors, { name: 'team-a' });
  await eventually(() => last('chosen')?.key).toBe('ASIA-also-a');
  await cluster.client.delete(roleSelectors, { name: 'also-a' });
  await eventually(() => last('chosen')?.key).toBe('AKIAEXAMPLE');
});
