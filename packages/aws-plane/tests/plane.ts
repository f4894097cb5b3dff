// The pipeline, STS and S3 behind the real HTTP server on 127.0.0.1, over an identity directory made for tests.
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { EngineHost } from '@pergola/engines';
import { Disposal, type Logger, silentLogger, systemClock, systemRandom, type Clock } from '@pergola/kernel';
import { compilePolicy, type NamedPolicy, parsePolicy } from '@pergola/policy';
import { openStore } from '@pergola/store';
import { close, listen } from '../src/http-server.ts';
import { authorizeTokenOf } from '../src/pipeline/authorize-token.ts';
import { callInsideOf } from '../src/pipeline/call-inside.ts';
import { openPipeline } from '../src/pipeline/index.ts';
import type { ServiceDefinition } from '../src/operation.ts';
import type { PlaneContext } from '../src/plane-context.ts';
import type { FetchIssuerDocument, IdentityDirectory, OidcProviderRecord, RoleRecord } from '../src/ports.ts';
import { CallRecords } from '../src/records.ts';
import { openNetworks } from '../src/services/ec2/networks.ts';
import { openSts } from '../src/services/sts/service.ts';

export const account = '123456789012';
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
export const adminKey = 'AKIAADMIN00000000000';
export const guestKey = 'AKIAGUEST00000000000';
export const inactiveKey = 'AKIAINACTIVE00000000';
export const rootKey = 'AKIAROOT000000000000';
/** Of `admin` in another account. */
export const strangerKey = 'AKIASTRANGER00000000';
export const otherAccount = '210987654321';

const userOfKey: Readonly<Record<string, string>> = {
  [adminKey]: 'admin',
  [guestKey]: 'guest',
  [inactiveKey]: 'guest',
  [strangerKey]: 'admin',
};

export type PolicyText = readonly object[];

/** What the directory knows; tests change it as they go. */
export class TestDirectory implements IdentityDirectory {
  readonly roles = new Map<string, RoleRecord>();
  readonly trust = new Map<string, NamedPolicy>();
  readonly rolePolicies = new Map<string, readonly NamedPolicy[]>();
  readonly userPolicies = new Map<string, readonly NamedPolicy[]>([
    ['admin', [policyOf('AdministratorAccess', [{ Effect: 'Allow', Action: '*', Resource: '*' }])]],
  ]);
  readonly boundaries = new Map<string, NamedPolicy>();
  readonly managed = new Map<string, NamedPolicy>();
  readonly providers = new Map<string, OidcProviderRecord>();

  addRole(
    roleName: string,
    trust: PolicyText,
    policies: PolicyText = [],
    changes: Partial<RoleRecord> = {},
  ): string {
    const arn = `arn:aws:iam::${account}:role/${roleName}`;
    const roleId = `AROA${roleName.toUpperCase().padEnd(17, '0').slice(0, 17)}`;
    this.roles.set(roleName, {
      arn,
      roleName,
      roleId,
      account,
      maxSessionDurationSeconds: 3600,
      tags: {},
      ...changes,
    });
    this.trust.set(roleName, policyOf(`trust:${roleName}`, trust, 'trust'));
    this.rolePolicies.set(roleName, policies.length > 0 ? [policyOf('inline:test', policies)] : []);
    return arn;
  }

  addProvider(url: string, clientIds: readonly string[], of = account): string {
    const arn = `arn:aws:iam::${of}:oidc-provider/${url}`;
    this.providers.set(`${of}/${url}`, { arn, url, clientIds, thumbprints: [] });
    return arn;
  }

  findAccessKey(accessKeyId: string) {
    const owner = accessKeyId === strangerKey ? otherAccount : account;
    const key = { accessKeyId, secretAccessKey, account: owner, active: accessKeyId !== inactiveKey };
    if (accessKeyId === rootKey) return { ...key, owner: { kind: 'root' } as const };
    const userName = userOfKey[accessKeyId];
    return userName ? { ...key, owner: { kind: 'user', userName } as const } : undefined;
  }

  findUser(of: string, userName: string) {
    return { arn: `arn:aws:iam::${of}:user/${userName}`, userName, userId: `AIDA${userName}`, tags: {} };
  }

  findRole(of: string, roleName: string) {
    return of === account ? this.roles.get(roleName) : undefined;
  }

  findOidcProvider(of: string, url: string) {
    return this.providers.get(`${of}/${url}`);
  }

  policiesOfUser(_: string, userName: string) {
    return this.userPolicies.get(userName) ?? [];
  }

  policiesOfRole(_: string, roleName: string) {
    return this.rolePolicies.get(roleName) ?? [];
  }

  boundaryOfUser(_: string, userName: string) {
    return this.boundaries.get(userName);
  }

  boundaryOfRole(_: string, roleName: string) {
    return this.boundaries.get(roleName);
  }

  trustPolicyOfRole(_: string, roleName: string) {
    return this.trust.get(roleName);
  }

  managedPolicy(arn: string) {
    return this.managed.get(arn);
  }

  noteUse() {}
}

export function policyOf(
  name: string,
  statements: PolicyText,
  kind: 'identity' | 'trust' = 'identity',
): NamedPolicy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return { name, policy: compilePolicy(parsed.value) };
}

export interface TestPlane extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly directory: TestDirectory;
  readonly records: CallRecords;
  readonly plane: PlaneContext;
  sts(config?: Partial<STSClientConfig>): STSClient;
}

export interface TestPlaneOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly fetch?: FetchIssuerDocument;
  /** Keeps its store here; default a new temporary folder, removed at the end. */
  readonly path?: string;
  /** Default ephemeral: tests do not wait for the disk. */
  readonly durability?: 'durable' | 'ephemeral';
  readonly services?: readonly ServiceDefinition[];
  /** What runs databases and caches; it is the test's to dispose, after the plane. */
  readonly engines?: EngineHost;
}

export async function startTestPlane(options: TestPlaneOptions = {}): Promise<TestPlane> {
  const path = options.path ?? mkdtempSync(join(tmpdir(), 'pergola-plane-'));
  const disposal = new Disposal();
  if (!options.path) disposal.defer(() => rmSync(path, { recursive: true, force: true }));
  const directory = new TestDirectory();
  const closing = new AbortController();
  const foundation = {
    store: disposal.use(
      openStore({ path: join(path, 'store'), durability: options.durability ?? 'ephemeral' }),
    ),
    clock: options.clock ?? systemClock,
    random: systemRandom,
    logger: options.logger ?? silentLogger,
    disposal,
    dataDir: path,
    defaultAccount: account,
    defaultRegion: 'us-east-1',
    closing: closing.signal,
    engines: options.engines,
  };
  const fetch = options.fetch ?? (() => Promise.reject(new Error('no issuer in this test')));
  const sts = await openSts(foundation, fetch);
  const records = new CallRecords();
  const services = [sts.definition, ...(options.services ?? [])];
  const callInside = callInsideOf({ plane: () => plane, services: () => services, records });
  const networks = openNetworks(foundation);
  const authorizeToken = authorizeTokenOf({ plane: () => plane, records });
  const ports = {
    identities: directory,
    sessions: sts.sessions,
    fetchIssuerDocument: fetch,
    callInside,
    networks,
    authorizeToken,
  };
  const plane: PlaneContext = { ...foundation, ports };
  const answer = openPipeline(plane, services, records);
  const server = await listen(answer, { host: '127.0.0.1', port: 0 });
  disposal.defer(async () => {
    closing.abort();
    server.closeAllConnections();
    await close(server);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    directory,
    records,
    plane,
    sts(config = {}) {
      const client = new STSClient({
        region: 'us-east-1',
        endpoint: url,
        credentials: { accessKeyId: adminKey, secretAccessKey },
        maxAttempts: 1,
        ...config,
      });
      disposal.defer(() => client.destroy());
      return client;
    },
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}

/** The error of a call that must fail: code, status and message as the client saw them. */
export async function refusalOf(call: Promise<unknown>): Promise<{
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly requestId: string;
}> {
  const error = await call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (caught: unknown) =>
      caught as {
        name: string;
        message: string;
        Code?: string;
        $metadata?: { httpStatusCode: number; requestId: string };
      },
  );
  if (!error.$metadata) throw error;
  const { httpStatusCode, requestId } = error.$metadata;
  return { code: error.Code ?? error.name, status: httpStatusCode, message: error.message, requestId };
}
