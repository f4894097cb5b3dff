// The whole of it: a real API server, the real AWS plane over HTTP, ACK's kinds, and the operator between them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callOperation } from '@pergola/aws-client';
import { Disposal, seededRandom, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createKubeClient, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsPlane, startAwsPlane } from '../../aws-plane/src/index.ts';
import { ADMIN_TOKEN, startTestPlane } from '../../kube-plane/tests/harness.ts';
import { openStore } from '../../store/src/index.ts';
import { type AckOperator, type Kind, loadKinds, sharedDefinitions, startAckOperator } from '../src/index.ts';
import { roleSelectors } from '../src/runtime/cluster/custom-types.ts';
import type { Condition } from '../src/runtime/conditions.ts';
import { typeOf } from '../src/runtime/names.ts';
import { eventually } from './runtime-setup.ts';

const namespace = 'production';
const disposal = new Disposal();
let client: KubeClient;
let aws: AwsPlane;
let kinds: readonly Kind[];
let operator: AckOperator;

const targetOf = () => ({
  endpoint: aws.url,
  region: 'us-east-1',
  clock: systemClock,
  credentials: { get: async () => aws.administrator, invalidate: () => {} },
});

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pergola-ack-real-'));
  disposal.defer(() => rmSync(folder, { recursive: true, force: true }));
  const store = disposal.use(openStore({ path: join(folder, 'store'), durability: 'ephemeral' }));
  const foundation = { store, clock: systemClock, random: systemRandom, logger: silentLogger };
  aws = disposal.use(await startAwsPlane({ ...foundation, dataDir: folder, port: 0, engines: undefined }));
  const plane = disposal.use(await startTestPlane());
  client = disposal.use(
    createKubeClient({ server: plane.plane.url, ca: plane.ca, token: ADMIN_TOKEN, userAgent: 'test' }),
  );
  kinds = await loadKinds(['cloudwatchlogs', 'iam', 's3', 'dynamodb']);
  for (const crd of [...kinds.map((kind) => kind.crd), ...sharedDefinitions]) {
    await client.create(resourceTypes.customresourcedefinitions, crd);
  }
  await client.create(resourceTypes.namespaces, { metadata: { name: namespace } });
  operator = disposal.use(
    await startAckOperator({
      client,
      aws: targetOf(),
      kinds,
      clock: systemClock,
      random: seededRandom(),
      logger: silentLogger,
      driftCheckMs: 400,
    }),
  );
});
afterAll(() => disposal.dispose());

function kindOf(name: string): Kind {
  const kind = kinds.find((each) => each.kind === name);
  if (!kind) throw new Error(name);
  return kind;
}

async function apply(kindName: string, name: string, spec: object, labels = {}): Promise<void> {
  const kind = kindOf(kindName);
  const annotations = { 'services.k8s.aws/deletion-policy': 'delete' };
  await client.create(typeOf(kind), {
    apiVersion: `${kind.group}/${kind.version}`,
    kind: kindName,
    metadata: { name, namespace, annotations, labels },
    spec,
  });
}

const get = (kindName: string, name: string): Promise<KubeResource | undefined> =>
  client.find(typeOf(kindOf(kindName)), { name, namespace });

async function conditionOf(kindName: string, name: string, type: string): Promise<Condition | undefined> {
  const list: Condition[] = (await get(kindName, name))?.['status']?.conditions ?? [];
  return list.find((condition) => condition.type === type);
}

const synced = (kindName: string, name: string) =>
  eventually(async () => {
    const condition = await conditionOf(kindName, name, 'ACK.ResourceSynced');
    return condition?.status === 'True' ? 'True' : JSON.stringify((await get(kindName, name))?.['status']);
  }).toBe('True');

/** Operations that changed something, by the operator's own metrics. */
const written = () =>
  [
    ...operator
      .metrics()
      .matchAll(/ack_outbound_api_requests_total\{.*op_type="(CREATE|UPDATE|DELETE)".*\} (\d+)/g),
  ]
    .map(([, , count]) => Number(count))
    .reduce((sum, count) => sum + count, 0);

const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const resources = [
  ['LogGroup', 'logs'],
  ['Policy', 'policy'],
  ['Role', 'role'],
  ['Bucket', 'bucket'],
  ['Table', 'table'],
] as const;

test('resources of four services come into sync, and then nothing is written', async () => {
  await apply('LogGroup', 'logs', { name: '/app/logs', retentionDays: 7, tags: { team: 'a' } });
  await apply('Role', 'role', {
    name: 'app',
    assumeRolePolicyDocument: document({
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    policyRefs: [{ from: { name: 'policy' } }],
  });
  await apply('Policy', 'policy', {
    name: 'read',
    policyDocument: document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }),
  });
  await apply('Bucket', 'bucket', {
    name: 'ack-bucket-of-a-test',
    tagging: { tagSet: [{ key: 'team', value: 'a' }] },
  });
  await apply('Table', 'table', {
    tableName: 'orders',
    billingMode: 'PAY_PER_REQUEST',
    attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
    keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
  });
  for (const [kind, name] of resources) await synced(kind, name);
  // Every resource is looked at some times more. What one did to another is seen first: a policy counts its roles.
  const looks = async () => {
    const seen = operator.totals.awsCalls;
    await eventually(() => operator.totals.awsCalls).toBeGreaterThan(seen + 100);
  };
  await looks();
  const before = { awsWrites: written(), writes: operator.totals.kubernetesWrites };
  await looks();
  expect({ awsWrites: written(), writes: operator.totals.kubernetesWrites }).toEqual(before);
});

test('drift is mended, and told', async () => {
  const input = { logGroupName: '/app/logs', retentionInDays: 30 };
  await callOperation(targetOf(), { service: 'logs', operation: 'PutRetentionPolicy', input });
  await eventually(() => conditionOf('LogGroup', 'logs', 'Pergola.Drifted')).toMatchObject({
    status: 'False',
    reason: 'Mended',
    message: 'retentionDays: 7 wanted, 30 found',
  });
  await synced('LogGroup', 'logs');
});

test("AWS's own denial is read: the condition names the statement that is missing", async () => {
  const trust = document({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' });
  await callOperation(targetOf(), {
    service: 'iam',
    operation: 'CreateRole',
    input: { RoleName: 'powerless', AssumeRolePolicyDocument: trust },
  });
  await client.create(roleSelectors, {
    metadata: { name: 'powerless' },
    spec: {
      arn: 'arn:aws:iam::123456789012:role/powerless',
      resourceLabelSelector: { matchLabels: { power: 'none' } },
    },
  });
  await apply('LogGroup', 'denied', { name: '/denied' }, { power: 'none' });
  await eventually(
    async () => (await conditionOf('LogGroup', 'denied', 'ACK.Recoverable'))?.message ?? '',
  ).toMatch(
    /^AccessDeniedException: User: .*powerless.* \(add to a policy of arn:aws:iam::123456789012:role\/powerless: \{"Effect":"Allow","Action":"logs:\w+","Resource":".*"\}\)$/,
  );
  await client.delete(roleSelectors, { name: 'powerless' });
  await synced('LogGroup', 'denied');
});

test('everything goes', async () => {
  for (const [kind, name] of [...resources, ['LogGroup', 'denied'] as const]) {
    await client.delete(typeOf(kindOf(kind)), { name, namespace });
  }
  for (const [kind, name] of [...resources, ['LogGroup', 'denied'] as const]) {
    await eventually(async () => (await get(kind, name))?.['status']?.conditions).toBeUndefined();
  }
  const call = (service: 'logs' | 's3' | 'dynamodb', operation: string) =>
    callOperation(targetOf(), { service, operation, input: {} });
  expect((await call('logs', 'DescribeLogGroups')).output['logGroups'] ?? []).toEqual([]);
  expect((await call('dynamodb', 'ListTables')).output['TableNames']).toEqual([]);
});
