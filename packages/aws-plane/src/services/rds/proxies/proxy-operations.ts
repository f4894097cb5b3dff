// Proxies: CreateDBProxy and its like. They are kept and shown; no server listens for them.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html
import type {
  CreateDBProxyRequest,
  DBProxy,
  DeleteDBProxyRequest,
  DescribeDBProxiesRequest,
  DescribeDBProxiesResponse,
  ModifyDBProxyRequest,
  UserAuthConfig,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { alphabets } from '@pergola/kernel';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onNamed, passRole } from '../access.ts';
import { arnOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { filtered } from '../filters.ts';
import { drawResourceId } from '../instances/new-instance.ts';
import { named, proxies } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { findSubnets, securityGroupsFor } from '../networks/network.ts';
import { pageOf } from '../paging.ts';
import { deleteRecord, type Home, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import type { ProxyAuth, StoredProxy } from './proxy.ts';

interface Result {
  readonly DBProxy: DBProxy;
}

const FAMILIES = ['MYSQL', 'POSTGRESQL', 'SQLSERVER'];
const IDLE_SECONDS = 1_800;
const IDLE_MOST = 28_800;

function authOf(auth: readonly UserAuthConfig[] | undefined, family: string): readonly ProxyAuth[] {
  return (auth ?? []).map((one): ProxyAuth => {
    if (one.AuthScheme !== undefined && one.AuthScheme !== 'SECRETS')
      throw faults.invalidValue(`Invalid AuthScheme: ${String(one.AuthScheme)}`);
    return {
      description: one.Description,
      userName: one.UserName,
      scheme: one.AuthScheme ?? 'SECRETS',
      secretArn: one.SecretArn,
      iam: one.IAMAuth ?? 'DISABLED',
      passwordType:
        one.ClientPasswordAuthType ??
        (family === 'POSTGRESQL' ? 'POSTGRES_SCRAM_SHA_256' : 'MYSQL_NATIVE_PASSWORD'),
    };
  });
}

function shape(home: Home, proxy: StoredProxy, status: DBProxy['Status'] = 'available'): DBProxy {
  return {
    DBProxyName: proxy.name,
    DBProxyArn: arnOf(home, 'db-proxy', proxy.resourceId),
    Status: status,
    EngineFamily: proxy.engineFamily,
    VpcId: proxy.vpcId,
    VpcSecurityGroupIds: [...proxy.securityGroups],
    VpcSubnetIds: [...proxy.subnets],
    DefaultAuthScheme: proxy.authScheme,
    Auth: proxy.auth.map((one) => ({
      Description: one.description,
      UserName: one.userName,
      AuthScheme: 'SECRETS',
      SecretArn: one.secretArn,
      IAMAuth: one.iam as NonNullable<UserAuthConfig['IAMAuth']>,
      ClientPasswordAuthType: one.passwordType as UserAuthConfig['ClientPasswordAuthType'],
    })),
    RoleArn: proxy.roleArn,
    // Where RDS would listen. Nobody does: see the README.
    Endpoint: `${proxy.name}.proxy-${proxy.resourceId.slice(4, 16)}.${home.region}.rds.amazonaws.com`,
    RequireTLS: proxy.requireTls,
    IdleClientTimeout: proxy.idleSeconds,
    DebugLogging: proxy.debugLogging,
    CreatedDate: new Date(proxy.createdAt),
    UpdatedDate: new Date(proxy.updatedAt),
    EndpointNetworkType: 'IPV4',
    TargetConnectionNetworkType: 'IPV4',
  };
}

function idleOf(seconds: number): number {
  if (seconds >= 1 && seconds <= IDLE_MOST) return seconds;
  throw faults.invalidValue(`IdleClientTimeout must be between 1 and ${IDLE_MOST} seconds.`);
}

const createDbProxy = defineOperation<CreateDBProxyRequest, Result>({
  name: 'CreateDBProxy',
  access: {
    iam: ({ DBProxyName: name = '', Tags: tags, RoleArn = '' }, call) => [
      ...creationChecks(call, 'CreateDBProxy', proxies, { name, tags }),
      ...passRole(RoleArn),
    ],
  },
  async handle(call, input) {
    const proxy = await newProxy(call, input);
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      if (readRecord(tx, proxies.table, home, proxy.name)) throw faults.proxyExists(proxy.name);
      writeRecord(tx, proxies.table, home, proxy);
    });
    return { DBProxy: shape(home, proxy, 'creating') };
  },
});

async function newProxy(call: Call, input: CreateDBProxyRequest): Promise<StoredProxy> {
  const { random } = call.plane;
  const engineFamily = input.EngineFamily ?? '';
  if (!FAMILIES.includes(engineFamily)) throw faults.invalidValue(`Invalid EngineFamily: ${engineFamily}`);
  const { vpcId, subnets } = await findSubnets(call, input.VpcSubnetIds ?? []);
  if (new Set(subnets.map(({ zone }) => zone)).size < 2)
    throw faults.invalidSubnet('A DB proxy needs subnets in at least two Availability Zones.');
  const now = new Date(call.nowMs).toISOString();
  return {
    name: identifierOf(input.DBProxyName, 'DBProxyName'),
    tags: tagsOf(input.Tags),
    resourceId: drawResourceId(random, 'prx').toLowerCase(),
    targetGroupId: `prx-tg-${random.text(17, alphabets.hex)}`,
    engineFamily,
    auth: authOf(input.Auth, engineFamily),
    authScheme: input.DefaultAuthScheme ?? 'NONE',
    roleArn: input.RoleArn ?? '',
    subnets: subnets.map(({ id }) => id),
    securityGroups: await securityGroupsFor(call, vpcId, input.VpcSecurityGroupIds),
    vpcId,
    requireTls: input.RequireTLS ?? false,
    idleSeconds: idleOf(input.IdleClientTimeout ?? IDLE_SECONDS),
    debugLogging: input.DebugLogging ?? false,
    pool: { maxPercent: 100, maxIdlePercent: 50, borrowSeconds: 120, pinningFilters: [] },
    targets: [],
    createdAt: now,
    updatedAt: now,
    poolUpdatedAt: now,
  };
}

const describeDbProxies = defineOperation<DescribeDBProxiesRequest, DescribeDBProxiesResponse>({
  name: 'DescribeDBProxies',
  access: onNamed('DescribeDBProxies', proxies, ({ DBProxyName }) => DBProxyName),
  handle(call, input) {
    const home = homeOf(call);
    const { store } = call.plane;
    const all = input.DBProxyName
      ? [named(store, proxies, home, input.DBProxyName)]
      : listRecords(store, proxies.table, home);
    const page = pageOf(filtered(all, input.Filters, {}), ({ name }) => name, input);
    return { DBProxies: page.items.map((proxy) => shape(home, proxy)), Marker: page.Marker };
  },
});

const modifyDbProxy = defineOperation<ModifyDBProxyRequest, Result>({
  name: 'ModifyDBProxy',
  access: {
    iam: ({ DBProxyName: name = '', RoleArn }, call) => [
      checkOn(call, 'ModifyDBProxy', proxies, { name }),
      ...passRole(RoleArn),
    ],
  },
  async handle(call, input) {
    const home = homeOf(call);
    const known = named(call.plane.store, proxies, home, input.DBProxyName);
    const securityGroups = input.SecurityGroups
      ? await securityGroupsFor(call, known.vpcId, input.SecurityGroups)
      : known.securityGroups;
    const { value } = await call.plane.store.transact((tx) => {
      const now = named(tx, proxies, home, known.name);
      const name = input.NewDBProxyName ? identifierOf(input.NewDBProxyName, 'NewDBProxyName') : now.name;
      if (name !== now.name) {
        if (readRecord(tx, proxies.table, home, name)) throw faults.proxyExists(name);
        deleteRecord(tx, proxies.table, home, now.name);
      }
      return writeRecord(tx, proxies.table, home, {
        ...now,
        name,
        securityGroups,
        auth: input.Auth ? authOf(input.Auth, now.engineFamily) : now.auth,
        authScheme: input.DefaultAuthScheme ?? now.authScheme,
        roleArn: input.RoleArn ?? now.roleArn,
        requireTls: input.RequireTLS ?? now.requireTls,
        idleSeconds: idleOf(input.IdleClientTimeout ?? now.idleSeconds),
        debugLogging: input.DebugLogging ?? now.debugLogging,
        updatedAt: new Date(call.nowMs).toISOString(),
      });
    });
    return { DBProxy: shape(home, value) };
  },
});

const deleteDbProxy = defineOperation<DeleteDBProxyRequest, Result>({
  name: 'DeleteDBProxy',
  access: onNamed('DeleteDBProxy', proxies, ({ DBProxyName }) => DBProxyName),
  async handle(call, input) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const known = named(tx, proxies, home, input.DBProxyName);
      deleteRecord(tx, proxies.table, home, known.name);
      return known;
    });
    return { DBProxy: shape(home, value, 'deleting') };
  },
});

export const proxyOperations: readonly AnyOperation[] = [
  createDbProxy,
  describeDbProxies,
  modifyDbProxy,
  deleteDbProxy,
];
