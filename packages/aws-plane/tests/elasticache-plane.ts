// The whole plane with real engines behind its HTTP server, ElastiCache clients of any user, and Redis clients.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  DescribeServerlessCachesCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { openEngineHost } from '@pergola/engines';
import { Disposal, type Logger, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createCa, issueCertificate } from '@pergola/pki';
import { openStore } from '@pergola/store';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { startAwsPlane } from '../src/index.ts';

export const account = '123456789012';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Endpoint {
  readonly Address?: string | undefined;
  readonly Port?: number | undefined;
}

export interface CachePlane extends AsyncDisposable {
  readonly url: string;
  readonly elasticache: ElastiCacheClient;
  readonly administrator: Keys;
  readonly ca: string;
  /** Failures of the plane itself. */
  readonly bugs: readonly string[];
  /** A new user who may do what `statements` allow. */
  userWith(
    name: string,
    statements: readonly object[],
  ): Promise<{ readonly keys: Keys; readonly client: ElastiCacheClient }>;
  redis(endpoint: Endpoint | undefined, options?: object): Redis;
  clusterIsUp(id: string): Promise<void>;
  groupIsUp(id: string): Promise<void>;
  serverlessIsUp(name: string): Promise<void>;
}

/** `path` keeps state for a later plane. */
export async function startCachePlane(path?: string): Promise<CachePlane> {
  const folder = path ?? mkdtempSync(join(tmpdir(), 'pergola-elasticache-'));
  const disposal = new Disposal();
  if (path === undefined) disposal.defer(() => rmSync(folder, { recursive: true, force: true }));
  const bugs: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (fields, message) => void bugs.push(`${message} ${String((fields as { error?: unknown }).error)}`),
    child: () => logger,
  };
  const context = { clock: systemClock, random: systemRandom, logger };
  const store = disposal.use(openStore({ path: join(folder, 'store'), durability: 'ephemeral' }));
  const ca = await createCa(context, 'cache-test-ca');
  const engines = disposal.use(
    await openEngineHost({
      ...context,
      dataDir: join(folder, 'engines'),
      durability: 'ephemeral',
      certify: (hosts) => issueCertificate(context, ca, { commonName: 'cache', hosts, usage: 'server' }),
    }),
  );
  const plane = disposal.use(await startAwsPlane({ ...context, store, engines, dataDir: folder, port: 0 }));
  const configOf = (credentials: Keys) => ({
    region: 'us-east-1',
    endpoint: plane.url,
    credentials,
    maxAttempts: 1,
  });
  const clientOf = (keys: Keys) => {
    const client = new ElastiCacheClient(configOf(keys));
    disposal.defer(() => client.destroy());
    return client;
  };
  const { accessKeyId, secretAccessKey } = plane.administrator;
  const administrator = { accessKeyId, secretAccessKey };
  const elasticache = clientOf(administrator);
  const waitFor = (read: () => Promise<string | undefined>) =>
    expect.poll(read, { timeout: 10_000, interval: 20 }).toBe('available');
  return {
    url: plane.url,
    elasticache,
    administrator,
    ca: ca.cert,
    bugs,
    async userWith(name, statements) {
      const iam = new IAMClient(configOf(administrator));
      await iam.send(new CreateUserCommand({ UserName: name }));
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
      await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'own', PolicyDocument }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      iam.destroy();
      const keys = {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      };
      return { keys, client: clientOf(keys) };
    },
    redis(endpoint, options = {}) {
      const client = new Redis(endpoint?.Port ?? 0, endpoint?.Address ?? '', {
        maxRetriesPerRequest: 0,
        ...options,
      });
      client.on('error', () => {});
      disposal.defer(() => client.disconnect());
      return client;
    },
    clusterIsUp: (CacheClusterId) =>
      waitFor(async () => {
        const { CacheClusters } = await elasticache.send(
          new DescribeCacheClustersCommand({ CacheClusterId }),
        );
        return CacheClusters?.[0]?.CacheClusterStatus;
      }),
    groupIsUp: (ReplicationGroupId) =>
      waitFor(async () => {
        const answer = await elasticache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId }));
        return answer.ReplicationGroups?.[0]?.Status;
      }),
    serverlessIsUp: (ServerlessCacheName) =>
      waitFor(async () => {
        const answer = await elasticache.send(new DescribeServerlessCachesCommand({ ServerlessCacheName }));
        return answer.ServerlessCaches?.[0]?.Status;
      }),
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}
