// A real API server, an AWS in memory, and the operator between them.
import { fixedCredentials } from '@pergola/aws-client';
import { seededRandom, silentLogger, systemClock } from '@pergola/kernel';
import {
  createKubeClient,
  type KubeClient,
  type KubeResource,
  type ResourceType,
  resourceTypes,
} from '@pergola/kube-client';
import { createServer } from 'node:http';
import { expect } from 'vitest';
import { ADMIN_TOKEN, startTestPlane } from '../../kube-plane/tests/harness.ts';
import {
  type AckOperator,
  type AckOperatorOptions,
  type Kind,
  sharedDefinitions,
  startAckOperator,
} from '../src/index.ts';
import type { Condition } from '../src/runtime/conditions.ts';
import { typeOf } from '../src/runtime/names.ts';
import { FakeAws, thingKind } from './runtime-kind.ts';

export interface Cluster extends AsyncDisposable {
  readonly client: KubeClient;
  readonly aws: FakeAws;
  readonly kinds: readonly Kind[];
  readonly type: ResourceType;
  /** How clients of their own reach it. */
  readonly server: { readonly server: string; readonly ca: string };
  /** Where the STS is that the operator asks who it is. */
  readonly stsUrl: string;
  /** Starts an operator; the caller disposes it. */
  operator(options?: Partial<AckOperatorOptions>): Promise<AckOperator>;
  apply(name: string, spec: object, metadata?: Partial<KubeResource['metadata']>): Promise<KubeResource>;
  get(name: string, namespace?: string): Promise<KubeResource | undefined>;
  annotate(name: string, annotations: Record<string, string | null>): Promise<void>;
  patchSpec(name: string, spec: object): Promise<void>;
  /** Conditions by type. */
  conditions(name: string): Promise<Record<string, Condition>>;
  events(name: string): Promise<string[]>;
}

export const namespace = 'production';

/** STS that knows one caller and gives out any role: what it checks is tested elsewhere. */
async function startSts(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      const parameters = new URLSearchParams(body);
      const text =
        parameters.get('Action') === 'AssumeRole' ? sessionOf(parameters.get('RoleArn')) : callerIdentity;
      response.writeHead(200, { 'Content-Type': 'text/xml' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const callerIdentity =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ack</Arn>' +
  '<UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

function sessionOf(roleArn: string | null): string {
  const key = `ASIA-${roleArn?.split('/').at(-1)}`;
  return (
    `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId>` +
    '<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>' +
    '</Credentials></AssumeRoleResult></AssumeRoleResponse>'
  );
}

export async function startCluster(kinds: readonly Kind[] = [thingKind()]): Promise<Cluster> {
  const plane = await startTestPlane();
  const sts = await startSts();
  const clientOf = () =>
    createKubeClient({ server: plane.plane.url, ca: plane.ca, token: ADMIN_TOKEN, userAgent: 'test' });
  const client = clientOf();
  for (const crd of [...sharedDefinitions, ...kinds.map(({ crd: definition }) => definition)]) {
    await client.create(resourceTypes.customresourcedefinitions, crd);
  }
  for (const name of [namespace, 'ack-system'])
    await client.create(resourceTypes.namespaces, { metadata: { name } });
  const [kind] = kinds;
  if (!kind) throw new Error('at least one kind');
  const type = typeOf(kind);
  const aws = new FakeAws();
  const get = (name: string, where = namespace) => client.find(type, { name, namespace: where });
  return {
    client,
    aws,
    kinds,
    type,
    server: { server: plane.plane.url, ca: plane.ca },
    stsUrl: sts.url,
    operator: (options = {}) =>
      startAckOperator({
        client,
        aws: {
          endpoint: sts.url,
          region: 'us-east-1',
          clock: systemClock,
          credentials: fixedCredentials({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }),
        },
        callAws: aws.call,
        kinds,
        clock: systemClock,
        random: seededRandom(),
        logger: silentLogger,
        ...options,
      }),
    apply: (name, spec, metadata = {}) =>
      client.create(type, {
        apiVersion: `${kind.group}/${kind.version}`,
        kind: kind.kind,
        metadata: { namespace, name, ...metadata },
        spec,
      }),
    get,
    async annotate(name, annotations) {
      await client.patch(type, { name, namespace }, { kind: 'merge', body: { metadata: { annotations } } });
    },
    async patchSpec(name, spec) {
      await client.patch(type, { name, namespace }, { kind: 'merge', body: { spec } });
    },
    async conditions(name) {
      const list: Condition[] = (await get(name))?.['status']?.conditions ?? [];
      return Object.fromEntries(list.map((condition) => [condition.type, condition]));
    },
    async events(name) {
      const { items } = await client.list(resourceTypes.events, { namespace });
      return items
        .filter((event) => event['involvedObject']?.name === name)
        .map((event) => `${event['reason']}: ${event['message']}`);
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await sts[Symbol.asyncDispose]();
      await plane[Symbol.asyncDispose]();
    },
  };
}

export const eventually = <T>(look: () => T | Promise<T>) =>
  expect.poll(look, { timeout: 15_000, interval: 10 });
