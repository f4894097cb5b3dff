// Everything real but the database servers: the API server, the AWS plane over HTTP, the operator between them, and AWS's
// own SDK looking on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { IAMClient } from '@aws-sdk/client-iam';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Disposal, seededRandom, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createKubeClient, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { type AwsPlane, startAwsPlane } from '../../aws-plane/src/index.ts';
import { ADMIN_TOKEN, startTestPlane } from '../../kube-plane/tests/harness.ts';
import { openStore } from '../../store/src/index.ts';
import {
  type AckOperator,
  type AckOperatorOptions,
  type Kind,
  loadKinds,
  sharedDefinitions,
  startAckOperator,
} from '../src/index.ts';
import type { Condition } from '../src/runtime/conditions.ts';
import { typeOf } from '../src/runtime/names.ts';
import { openTestEngines } from './test-engines.ts';

export const namespace = 'production';

/** AWS's own clients. */
export interface Sdk {
  readonly iam: IAMClient;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly logs: CloudWatchLogsClient;
  readonly rds: RDSClient;
  readonly elasticache: ElastiCacheClient;
  readonly ec2: EC2Client;
  readonly secrets: SecretsManagerClient;
}

export interface World extends AsyncDisposable {
  readonly client: KubeClient;
  readonly aws: AwsPlane;
  readonly sdk: Sdk;
  readonly kinds: readonly Kind[];
  /** Two of the default network, in zones of their own; resources `private-a` and `private-b` of EC2's controller name them. */
  readonly subnets: readonly string[];
  /** Starts one; it ends with the world, or when it is disposed. */
  operator(options?: Partial<AckOperatorOptions>): Promise<AckOperator>;
  kind(name: string): Kind;
  apply(kind: Kind, name: string, object: Applied): Promise<void>;
  find(kind: Kind, name: string): Promise<KubeResource | undefined>;
  condition(kind: Kind, name: string, type: string): Promise<Condition | undefined>;
  annotate(kind: Kind, name: string, annotations: Readonly<Record<string, string | null>>): Promise<void>;
  patch(kind: Kind, name: string, spec: object): Promise<void>;
  /** Operations that changed something since the call with this id, as the plane recorded them; refused ones too. */
  writesSince(requestId: string | undefined): readonly string[];
  /** Of the last call. */
  lastCall(): string | undefined;
}

interface Applied {
  readonly spec: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Operations that only read, by their names. */
export const isReading = (operation: string) => /^(?:Get|Describe|List|Head)/.test(operation);

/** The planes with the kinds of these services, and no operator yet. */
export async function startWorld(services: readonly string[]): Promise<World> {
  const disposal = new Disposal();
  const aws = await startAws(disposal);
  const sdk = clientsOf(aws);
  disposal.defer(() => {
    for (const each of Object.values(sdk)) (each as IAMClient).destroy();
  });
  const plane = disposal.use(await startTestPlane());
  const client = disposal.use(
    createKubeClient({ server: plane.plane.url, ca: plane.ca, token: ADMIN_TOKEN, userAgent: 'test' }),
  );
  const kinds = await loadKinds(services);
  const { Subnets = [] } = await sdk.ec2.send(new DescribeSubnetsCommand());
  const subnets = Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId ?? '');
  await furnish(client, kinds, subnets);
  const find = (kind: Kind, name: string) => client.find(typeOf(kind), { namespace, name });
  const patch = async (kind: Kind, name: string, body: object) => {
    await client.patch(typeOf(kind), { namespace, name }, { kind: 'merge', body });
  };
  return {
    client,
    aws,
    sdk,
    kinds,
    subnets,
    operator: async (options = {}) =>
      disposal.use(await startAckOperator({ client, kinds, ...operatorOptions(aws), ...options })),
    kind(name) {
      const found = kinds.find(({ group, kind }) => `${group.split('.', 1)[0]}/${kind}` === name);
      if (!found) throw new Error(`no kind ${name}`);
      return found;
    },
    async apply(kind, name, { spec, annotations = {} }) {
      const { group, version } = kind;
      const metadata = { namespace, name, annotations: prefixed(annotations) as Record<string, string> };
      const object = { apiVersion: `${group}/${version}`, kind: kind.kind, metadata, spec };
      await client.create(typeOf(kind), object);
    },
    find,
    async condition(kind, name, type) {
      const conditions: Condition[] = (await find(kind, name))?.['status']?.conditions ?? [];
      return conditions.find((each) => each.type === type);
    },
    annotate: (kind, name, annotations) =>
      patch(kind, name, { metadata: { annotations: prefixed(annotations) } }),
    patch: (kind, name, spec) => patch(kind, name, { spec }),
    writesSince(requestId) {
      const calls = aws.records.list({ limit: 10_000 });
      const count = calls.findIndex((call) => call.requestId === requestId);
      return calls
        .slice(0, count < 0 ? undefined : count)
        .map(({ operation }) => operation)
        .filter((operation) => !isReading(operation));
    },
    lastCall: () => aws.records.list({ limit: 1 })[0]?.requestId,
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}

const prefixed = (annotations: Readonly<Record<string, string | null>>) =>
  Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`services.k8s.aws/${name}`, value]));

async function startAws(disposal: Disposal): Promise<AwsPlane> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-ack-lives-'));
  disposal.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const store = disposal.use(openStore({ path: join(dataDir, 'store'), durability: 'ephemeral' }));
  const engines = disposal.use(await openTestEngines());
  const foundation = { store, clock: systemClock, random: systemRandom, logger: silentLogger };
  return disposal.use(await startAwsPlane({ ...foundation, dataDir, port: 0, engines }));
}

/** The plane as its administrator reaches it, there or through something that stands before it. */
export function targetOf({ url, administrator }: AwsPlane, endpoint = url) {
  return {
    endpoint,
    region: 'us-east-1',
    clock: systemClock,
    credentials: { get: () => Promise.resolve(administrator), invalidate: () => {} },
  };
}

function operatorOptions(aws: AwsPlane) {
  const context = { clock: systemClock, random: seededRandom(), logger: silentLogger };
  return { aws: targetOf(aws), ...context, driftCheckMs: 0 };
}

function clientsOf({ url, administrator: { accessKeyId, secretAccessKey } }: AwsPlane): Sdk {
  const config = { region: 'us-east-1', endpoint: url, credentials: { accessKeyId, secretAccessKey } };
  return {
    iam: new IAMClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    dynamodb: new DynamoDBClient(config),
    logs: new CloudWatchLogsClient(config),
    rds: new RDSClient(config),
    elasticache: new ElastiCacheClient(config),
    ec2: new EC2Client(config),
    secrets: new SecretsManagerClient(config),
  };
}

/** Subnets as EC2's own controller would keep them: another operator's kind. */
const subnetType = {
  group: 'ec2.services.k8s.aws',
  version: 'v1alpha1',
  plural: 'subnets',
  kind: 'Subnet',
  namespaced: true,
};

/** The passwords that the samples name, as NAME/KEY. */
const secrets = [
  'orders-credentials/password',
  'shop-credentials/password',
  'sessions-credentials/token',
  'reader-credentials/password',
];

async function furnish(
  client: KubeClient,
  kinds: readonly Kind[],
  subnets: readonly string[],
): Promise<void> {
  for (const crd of [...kinds.map((kind) => kind.crd), ...sharedDefinitions, subnetDefinition]) {
    await client.create(resourceTypes.customresourcedefinitions, crd);
  }
  for (const name of [namespace, 'ack-system'])
    await client.create(resourceTypes.namespaces, { metadata: { name } });
  for (const [name = '', key = ''] of secrets.map((each) => each.split('/'))) {
    const data = { [key]: Buffer.from('a-long-enough-secret').toString('base64') };
    await client.create(resourceTypes.secrets, { metadata: { name, namespace }, data });
  }
  for (const [index, subnetID] of subnets.entries()) {
    await client.create(subnetType, {
      apiVersion: 'ec2.services.k8s.aws/v1alpha1',
      kind: 'Subnet',
      metadata: { name: `private-${'ab'[index]}`, namespace },
      status: { subnetID, conditions: [{ type: 'ACK.ResourceSynced', status: 'True' }] },
    });
  }
}

const subnetDefinition: KubeResource = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${subnetType.plural}.${subnetType.group}` },
  spec: {
    group: subnetType.group,
    scope: 'Namespaced',
    names: { plural: 'subnets', singular: 'subnet', kind: 'Subnet', listKind: 'SubnetList' },
    versions: [
      {
        name: subnetType.version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
