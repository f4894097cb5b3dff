// RDS behind the real pipeline on 127.0.0.1, over fake engines or real ones.
import { RDSClient, type RDSClientConfig } from '@aws-sdk/client-rds';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { expect } from 'vitest';
import { rds } from '../src/services/rds/service.ts';
import { adminKey, secretAccessKey, startTestPlane, type TestPlane, type TestPlaneOptions } from './plane.ts';

export interface RdsPlane extends AsyncDisposable {
  readonly test: TestPlane;
  client(config?: Partial<RDSClientConfig>): RDSClient;
}

export async function startRdsPlane(options: TestPlaneOptions): Promise<RdsPlane> {
  const test = await startTestPlane({ ...options, services: [rds, ...(options.services ?? [])] });
  await rds.start?.(test.plane);
  const clients: RDSClient[] = [];
  return {
    test,
    client(config = {}) {
      const client = new RDSClient({
        region: 'us-east-1',
        endpoint: test.url,
        credentials: { accessKeyId: adminKey, secretAccessKey },
        maxAttempts: 1,
        ...config,
      });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** What most tests make. */
export const postgres = {
  DBInstanceIdentifier: 'orders',
  DBInstanceClass: 'db.t3.micro',
  Engine: 'postgres',
  EngineVersion: '14',
  AllocatedStorage: 20,
  MasterUsername: 'myusername',
  MasterUserPassword: 'correct-horse',
} as const;

/** Waits until an instance has this status, and gives it. */
export async function waitFor(client: RDSClient, name: string, status: string) {
  const describe = async () =>
    (await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }))).DBInstances?.[0];
  await expect.poll(async () => (await describe())?.DBInstanceStatus).toBe(status);
  const instance = await describe();
  if (!instance) throw new Error(`${name} is gone`);
  return instance;
}
