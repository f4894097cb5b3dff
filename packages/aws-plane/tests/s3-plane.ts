// S3 behind the real pipeline on 127.0.0.1, with an identity directory of two accounts made for tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { Disposal, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { compilePolicy, type NamedPolicy, parsePolicy } from '@pergola/policy';
import { openStore } from '@pergola/store';
import { openPipeline } from '../src/pipeline/index.ts';
import type { PlaneContext } from '../src/plane-context.ts';
import type { AccessKeyRecord, IdentityDirectory } from '../src/ports.ts';
import { CallRecords } from '../src/records.ts';
import { openNetworks } from '../src/services/ec2/networks.ts';
import { s3 } from '../src/services/s3/service.ts';

export const account = '123456789012';
export const otherAccount = '210987654321';

/** Users by access key id: what they are called and what their policy allows. */
const users = {
  AKIAADMINISTRATOR000: { account, userName: 'administrator' },
  AKIAREADER0000000000: { account, userName: 'reader' },
  AKIASTRANGER00000000: { account: otherAccount, userName: 'stranger' },
} as const;
type KeyId = keyof typeof users;
const keyOf = {
  administrator: 'AKIAADMINISTRATOR000',
  reader: 'AKIAREADER0000000000',
  stranger: 'AKIASTRANGER00000000',
} as const;
export type UserName = keyof typeof keyOf;
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

export interface S3Plane extends AsyncDisposable {
  readonly url: string;
  readonly plane: PlaneContext;
  readonly records: CallRecords;
  client(user: UserName, config?: Partial<S3ClientConfig>): S3Client;
  /** Replaces the policy of a user. */
  setPolicy(user: UserName, statements: readonly object[]): void;
  /** Closes server and store but keeps the data, and returns what starts it again. */
  restart(): Promise<void>;
}

function namedPolicy(name: string, statements: readonly object[]): NamedPolicy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return { name, policy: compilePolicy(parsed.value) };
}

function directoryOf(policies: Map<string, NamedPolicy>): IdentityDirectory {
  return {
    findAccessKey(accessKeyId): AccessKeyRecord | undefined {
      const user = users[accessKeyId as KeyId];
      if (!user) return undefined;
      return {
        accessKeyId,
        secretAccessKey,
        account: user.account,
        active: true,
        owner: { kind: 'user', userName: user.userName },
      };
    },
    findUser(of, userName) {
      const known = Object.values(users).some((user) => user.account === of && user.userName === userName);
      if (!known) return undefined;
      return { arn: `arn:aws:iam::${of}:user/${userName}`, userName, userId: `AIDA${userName}`, tags: {} };
    },
    findRole: () => undefined,
    findOidcProvider: () => undefined,
    policiesOfUser: (_, userName) => [policies.get(userName)].filter((policy) => policy !== undefined),
    policiesOfRole: () => [],
    boundaryOfUser: () => undefined,
    boundaryOfRole: () => undefined,
    trustPolicyOfRole: () => undefined,
    managedPolicy: () => undefined,
    noteUse: () => {},
  };
}

export async function startS3(): Promise<S3Plane> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-s3-'));
  const all = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const policies = new Map([
    ['administrator', namedPolicy('AdministratorAccess', all)],
    ['stranger', namedPolicy('AdministratorAccess', all)],
  ]);
  let running = await startServer(dataDir, policies);
  const clients: S3Client[] = [];
  return {
    get url() {
      return running.url;
    },
    get plane() {
      return running.plane;
    },
    get records() {
      return running.records;
    },
    client(user, config = {}) {
      const client = new S3Client({
        region: 'us-east-1',
        endpoint: running.url,
        forcePathStyle: true,
        credentials: { accessKeyId: keyOf[user], secretAccessKey },
        ...config,
      });
      clients.push(client);
      return client;
    },
    setPolicy: (user, statements) => void policies.set(user, namedPolicy(`inline:${user}`, statements)),
    async restart() {
      for (const client of clients.splice(0)) client.destroy();
      await running.close();
      running = await startServer(dataDir, policies);
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await running.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function startServer(dataDir: string, policies: Map<string, NamedPolicy>) {
  const disposal = new Disposal();
  const store = openStore({ path: join(dataDir, 'store'), durability: 'ephemeral' });
  const plane: PlaneContext = {
    store: disposal.use(store),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    disposal,
    dataDir,
    defaultAccount: account,
    defaultRegion: 'us-east-1',
    closing: new AbortController().signal,
    engines: undefined,
    ports: {
      identities: directoryOf(policies),
      sessions: { findSession: () => undefined },
      fetchIssuerDocument: () => Promise.reject(new Error('not asked here')),
      callInside: () => Promise.reject(new Error('not asked here')),
      authorizeToken: () => Promise.reject(new Error('not asked here')),
      networks: openNetworks({ store, random: systemRandom }),
    },
  };
  await s3.start?.(plane);
  const records = new CallRecords();
  const answer = openPipeline(plane, [s3], records);
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    plane,
    records,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await disposal.dispose();
    },
  };
}
