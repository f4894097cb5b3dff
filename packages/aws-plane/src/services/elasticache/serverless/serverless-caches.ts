// Serverless caches: clusters of one shard behind one endpoint, always with TLS.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html
import type {
  CacheUsageLimits,
  CreateServerlessCacheRequest,
  CreateServerlessCacheResponse,
  DeleteServerlessCacheRequest,
  DeleteServerlessCacheResponse,
  DescribeServerlessCachesRequest,
  DescribeServerlessCachesResponse,
  ModifyServerlessCacheRequest,
  ModifyServerlessCacheResponse,
  ServerlessCache,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, conditions, creationChecks, homeOf, onNamed, use } from '../access.ts';
import { assertChangeable, beginChange, beginDelete, beginCreate, shownStatus } from '../caches/begin.ts';
import { placeNodes, securityGroupsOf } from '../caches/network.ts';
import { engineOf, newCache, snapshotDaysOf, userGroupsOf } from '../caches/new-cache.ts';
import { accessOf } from '../caches/settings.ts';
import { endpointOf } from '../clusters/cluster-shape.ts';
import { faults } from '../faults.ts';
import { named, parseArn, serverless, serverlessSnapshots, snapshots, userGroups } from '../kinds.ts';
import { identifier } from '../names.ts';
import { sliceOf } from '../paging.ts';
import type { StoredCache, StoredSnapshot } from '../records.ts';
import { listRecords, readRecord } from '../state.ts';
import { takeSnapshot, writeNewSnapshot } from '../snapshots/snapshot-work.ts';

export function serverlessShape(call: Call, cache: StoredCache): ServerlessCache {
  return {
    ServerlessCacheName: cache.name,
    Description: cache.description,
    CreateTime: new Date(cache.createdAt),
    Status: shownStatus(call, cache),
    Engine: cache.engine,
    MajorEngineVersion: cache.version.split('.', 1)[0],
    FullEngineVersion: cache.version.split('.').slice(0, 2).join('.'),
    CacheUsageLimits: cache.limits as CacheUsageLimits | undefined,
    KmsKeyId: cache.kmsKeyId,
    SecurityGroupIds: [...cache.securityGroups],
    Endpoint: endpointOf(cache.places['configuration']),
    ReaderEndpoint: endpointOf(cache.places['reader']),
    ARN: cache.arn,
    UserGroupId: cache.userGroups[0],
    SubnetIds: [...(cache.subnets ?? [])],
    SnapshotRetentionLimit: cache.snapshotDays,
    DailySnapshotTime: cache.snapshotWindow,
    NetworkType: 'ipv4',
  };
}

function limitsOf(limits: CacheUsageLimits | undefined): StoredCache['limits'] {
  if (!limits) return undefined;
  const { DataStorage, ECPUPerSecond } = limits;
  for (const range of [DataStorage, ECPUPerSecond]) {
    const { Minimum, Maximum } = range ?? {};
    if (Minimum !== undefined && Maximum !== undefined && Minimum > Maximum) {
      throw faults.invalidValue('The minimum usage limit must not be greater than the maximum usage limit.');
    }
  }
  return {
    ...(DataStorage ? { DataStorage: { ...DataStorage, Unit: 'GB' as const } } : {}),
    ...(ECPUPerSecond ? { ECPUPerSecond } : {}),
  } as StoredCache['limits'];
}

/** The default VPC's, or those that are named, of one VPC. */
async function subnetsOf(call: Call, ids: readonly string[] | undefined): Promise<string[]> {
  const { networks } = call.plane.ports;
  const home = homeOf(call);
  if (!ids?.length) {
    const network = await networks.defaultNetwork(home);
    return (network?.subnets ?? []).slice(0, 3).map(({ subnetId }) => subnetId);
  }
  for (const id of ids) {
    if (!(await networks.findSubnet(home, id))) throw faults.invalidValue(`Subnet ${id} does not exist.`);
  }
  return [...ids];
}

async function groupsOrDefault(call: Call, ids: readonly string[] | undefined): Promise<readonly string[]> {
  if (ids?.length) return await securityGroupsOf(call, ids);
  const network = await call.plane.ports.networks.defaultNetwork(homeOf(call));
  return network ? [network.securityGroup.groupId] : [];
}

function restoredFrom(call: Call, arns: readonly string[] | undefined): StoredSnapshot | undefined {
  const [arn, ...others] = arns ?? [];
  if (arn === undefined) return undefined;
  if (others.length > 0) throw faults.invalidValue('Exactly one snapshot can be restored.');
  const home = homeOf(call);
  const { kind, name } = parseArn(home, arn);
  const table = kind.noun === snapshots.noun ? snapshots : serverlessSnapshots;
  const snapshot = named(call.plane.store, table, home, name);
  if (snapshot.status !== 'available') throw faults.snapshotState(`Snapshot ${name} is not available.`);
  return snapshot;
}

const create = defineOperation<CreateServerlessCacheRequest, CreateServerlessCacheResponse>({
  name: 'CreateServerlessCache',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateServerlessCache', serverless, {
        name: input.ServerlessCacheName,
        tags: input.Tags,
        context: conditions({
          EngineType: input.Engine,
          EngineVersion: input.MajorEngineVersion,
          SnapshotRetentionLimit: input.SnapshotRetentionLimit,
          KmsKeyId: input.KmsKeyId,
          MaximumDataStorage: input.CacheUsageLimits?.DataStorage?.Maximum,
          MaximumECPUPerSecond: input.CacheUsageLimits?.ECPUPerSecond?.Maximum,
        }),
        uses: [use(userGroups, input.UserGroupId)],
      }),
  },
  async handle(call, input) {
    const name = identifier(input.ServerlessCacheName, 'ServerlessCacheName', 40);
    const restored = restoredFrom(call, input.SnapshotArnsToRestore);
    const engine = engineOf(
      call,
      { Engine: input.Engine, EngineVersion: input.MajorEngineVersion },
      { otherwise: 'redis', clustered: true },
    );
    const cache = newCache(
      call,
      { kind: 'serverlesscache', name, tags: input.Tags },
      {
        ...engine,
        port: 6379,
        nodeType: '',
        tls: 'required',
        atRest: true,
        kmsKeyId: input.KmsKeyId,
        authTokens: [],
        userGroups: userGroupsOf(call, input.UserGroupId ? [input.UserGroupId] : [], engine.engine),
        subnets: await subnetsOf(call, input.SubnetIds),
        securityGroups: await groupsOrDefault(call, input.SecurityGroupIds),
        maintenanceWindow: '',
        snapshotWindow: input.DailySnapshotTime ?? '03:00',
        snapshotDays: snapshotDaysOf(input.SnapshotRetentionLimit),
        autoMinor: true,
        clustered: true,
        shards: [{ id: '0001', slots: '0-16383', nodes: placeNodes(call, ['0001', '0002']) }],
        description: input.Description ?? ' ',
        failover: true,
        multiAz: true,
        networkType: 'ipv4',
        clusterMode: 'enabled',
        limits: limitsOf(input.CacheUsageLimits),
        restoreFrom: restored?.dataId,
      },
    );
    await beginCreate(call, cache);
    return { ServerlessCache: serverlessShape(call, cache) };
  },
});

const describe = defineOperation<DescribeServerlessCachesRequest, DescribeServerlessCachesResponse>({
  name: 'DescribeServerlessCaches',
  access: onNamed('DescribeServerlessCaches', serverless, (input) => input.ServerlessCacheName),
  handle(call, { ServerlessCacheName, NextToken, MaxResults = 50 }) {
    const { store } = call.plane;
    const home = homeOf(call);
    const all = ServerlessCacheName
      ? [named(store, serverless, home, ServerlessCacheName)]
      : listRecords(store, serverless, home);
    const { items, Marker } = sliceOf(all, ({ name }) => name, { Marker: NextToken, count: MaxResults });
    return { NextToken: Marker, ServerlessCaches: items.map((cache) => serverlessShape(call, cache)) };
  },
});

function nextUserGroups(
  call: Call,
  cache: StoredCache,
  input: ModifyServerlessCacheRequest,
): readonly string[] {
  if (input.RemoveUserGroup === true) return [];
  return input.UserGroupId === undefined
    ? cache.userGroups
    : userGroupsOf(call, [input.UserGroupId], cache.engine);
}

const modify = defineOperation<ModifyServerlessCacheRequest, ModifyServerlessCacheResponse>({
  name: 'ModifyServerlessCache',
  access: {
    iam: (input, call) => [
      checkOn(call, 'ModifyServerlessCache', serverless, { name: input.ServerlessCacheName ?? '' }),
      ...(input.UserGroupId
        ? [checkOn(call, 'ModifyServerlessCache', userGroups, { name: input.UserGroupId })]
        : []),
    ],
  },
  async handle(call, input) {
    const { store } = call.plane;
    const home = homeOf(call);
    const before = named(store, serverless, home, input.ServerlessCacheName);
    assertChangeable(call, before);
    if (input.Engine !== undefined && input.Engine.toLowerCase() !== before.engine) {
      throw faults.notImplemented('Changing the engine of a serverless cache');
    }
    if (
      input.MajorEngineVersion !== undefined &&
      !before.version.startsWith(`${input.MajorEngineVersion}.`)
    ) {
      throw faults.notImplemented('Changing the version of a serverless cache');
    }
    const securityGroups = await securityGroupsOf(call, input.SecurityGroupIds ?? before.securityGroups);
    const cache = await beginChange(call, before, () => ({
      patch: {
        description: input.Description ?? before.description,
        limits: limitsOf(input.CacheUsageLimits) ?? before.limits,
        userGroups: nextUserGroups(call, before, input),
        securityGroups,
        snapshotDays: snapshotDaysOf(input.SnapshotRetentionLimit ?? before.snapshotDays),
        snapshotWindow: input.DailySnapshotTime ?? before.snapshotWindow,
      },
      change: async (engine, now) => {
        await engine.setAccess(accessOf(store, home, now));
        return {};
      },
    }));
    return { ServerlessCache: serverlessShape(call, cache) };
  },
});

const remove = defineOperation<DeleteServerlessCacheRequest, DeleteServerlessCacheResponse>({
  name: 'DeleteServerlessCache',
  access: onNamed('DeleteServerlessCache', serverless, (input) => input.ServerlessCacheName),
  async handle(call, { ServerlessCacheName, FinalSnapshotName }) {
    const name = FinalSnapshotName ? identifier(FinalSnapshotName, 'FinalSnapshotName', 255) : undefined;
    if (name && readRecord(call.plane.store, serverlessSnapshots, homeOf(call), name)) {
      throw faults.serverlessSnapshotExists(name);
    }
    const cache = await beginDelete(call, { kind: 'serverlesscache', name: ServerlessCacheName }, (found) =>
      name === undefined
        ? undefined
        : async (engine) => {
            const snapshot = await writeNewSnapshot(call, serverlessSnapshots, found, {
              name,
              tags: undefined,
            });
            await takeSnapshot(call, serverlessSnapshots, snapshot, engine);
          },
    );
    return { ServerlessCache: serverlessShape(call, cache) };
  },
});

export const serverlessCacheOperations: readonly AnyOperation[] = [create, describe, modify, remove];
