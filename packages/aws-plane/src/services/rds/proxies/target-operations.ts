// Targets of proxies: the one target group that each has, `default`, and what is registered in it.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html
import type {
  ConnectionPoolConfiguration,
  DBProxyTarget,
  DBProxyTargetGroup,
  DeregisterDBProxyTargetsRequest,
  DescribeDBProxyTargetGroupsRequest,
  DescribeDBProxyTargetGroupsResponse,
  DescribeDBProxyTargetsRequest,
  DescribeDBProxyTargetsResponse,
  ModifyDBProxyTargetGroupRequest,
  RegisterDBProxyTargetsRequest,
  RegisterDBProxyTargetsResponse,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { homeOf, onNamed } from '../access.ts';
import { arnOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { filtered } from '../filters.ts';
import { clusters, find, instances, named, proxies } from '../kinds.ts';
import { pageOf } from '../paging.ts';
import { placeOf } from '../instances/instance-shape.ts';
import { type Home, writeRecord } from '../state.ts';
import type { PoolSettings, StoredProxy } from './proxy.ts';

const GROUP = 'default';

interface TargetsInput {
  readonly DBProxyName: string | undefined;
  readonly TargetGroupName?: string | undefined;
}

function proxyOf(call: Call, { DBProxyName, TargetGroupName }: TargetsInput): StoredProxy {
  const proxy = named(call.plane.store, proxies, homeOf(call), DBProxyName);
  if (TargetGroupName !== undefined && TargetGroupName !== GROUP)
    throw faults.noSuchTargetGroup(TargetGroupName);
  return proxy;
}

function groupShape(home: Home, proxy: StoredProxy): DBProxyTargetGroup {
  const { pool } = proxy;
  return {
    DBProxyName: proxy.name,
    TargetGroupName: GROUP,
    TargetGroupArn: arnOf(home, 'target-group', proxy.targetGroupId),
    IsDefault: true,
    Status: 'available',
    ConnectionPoolConfig: {
      MaxConnectionsPercent: pool.maxPercent,
      MaxIdleConnectionsPercent: pool.maxIdlePercent,
      ConnectionBorrowTimeout: pool.borrowSeconds,
      SessionPinningFilters: [...pool.pinningFilters],
      InitQuery: pool.initQuery ?? '',
    },
    CreatedDate: new Date(proxy.createdAt),
    UpdatedDate: new Date(proxy.poolUpdatedAt),
  };
}

/** A cluster is a target itself, and so is each of its members. */
function targetsOf(call: Call, proxy: StoredProxy): DBProxyTarget[] {
  const home = homeOf(call);
  const { store } = call.plane;
  return proxy.targets.flatMap(({ kind, name }): DBProxyTarget[] => {
    if (kind === 'instance') {
      const instance = find(store, instances, home, name);
      const place = instance && (placeOf(store, home, instance) ?? instance.place);
      return [
        {
          TargetArn: arnOf(home, 'db', name),
          Endpoint: place?.host,
          Port: place?.port,
          RdsResourceId: name,
          Type: 'RDS_INSTANCE',
          Role: 'READ_WRITE',
          TargetHealth: { State: instance?.status === 'available' ? 'AVAILABLE' : 'UNAVAILABLE' },
        },
      ];
    }
    const cluster = find(store, clusters, home, name);
    const members = (cluster?.members ?? []).map(
      (member, index): DBProxyTarget => ({
        Endpoint: cluster?.place?.host,
        Port: cluster?.place?.port,
        RdsResourceId: member,
        TrackedClusterId: name,
        Type: 'RDS_INSTANCE',
        Role: index === 0 ? 'READ_WRITE' : 'READ_ONLY',
        TargetHealth: { State: 'AVAILABLE' },
      }),
    );
    return [{ RdsResourceId: name, Type: 'TRACKED_CLUSTER', Port: cluster?.place?.port }, ...members];
  });
}

const describeDbProxyTargetGroups = defineOperation<
  DescribeDBProxyTargetGroupsRequest,
  DescribeDBProxyTargetGroupsResponse
>({
  name: 'DescribeDBProxyTargetGroups',
  access: onNamed('DescribeDBProxyTargetGroups', proxies, ({ DBProxyName }) => DBProxyName),
  handle(call, input) {
    const proxy = proxyOf(call, input);
    const page = pageOf(filtered([proxy], input.Filters, {}), ({ name }) => name, input);
    return { TargetGroups: page.items.map((one) => groupShape(homeOf(call), one)), Marker: page.Marker };
  },
});

function poolOf(pool: PoolSettings, changes: ConnectionPoolConfiguration = {}): PoolSettings {
  const percent = (value: number, least: number) => {
    if (value >= least && value <= 100) return value;
    throw faults.invalidValue(`Connection percentages must be between ${least} and 100.`);
  };
  const maxPercent = percent(changes.MaxConnectionsPercent ?? pool.maxPercent, 1);
  const borrowSeconds = changes.ConnectionBorrowTimeout ?? pool.borrowSeconds;
  if (borrowSeconds < 0 || borrowSeconds > 300)
    throw faults.invalidValue('ConnectionBorrowTimeout must be between 0 and 300 seconds.');
  return {
    maxPercent,
    maxIdlePercent: Math.min(
      percent(changes.MaxIdleConnectionsPercent ?? pool.maxIdlePercent, 0),
      maxPercent,
    ),
    borrowSeconds,
    pinningFilters: changes.SessionPinningFilters ?? pool.pinningFilters,
    initQuery: changes.InitQuery ?? pool.initQuery,
  };
}

interface GroupResult {
  readonly DBProxyTargetGroup: DBProxyTargetGroup;
}

async function change(
  call: Call,
  input: TargetsInput,
  next: (proxy: StoredProxy) => StoredProxy,
): Promise<StoredProxy> {
  const { name } = proxyOf(call, input);
  const home = homeOf(call);
  const { value } = await call.plane.store.transact((tx) =>
    writeRecord(tx, proxies.table, home, next(named(tx, proxies, home, name))),
  );
  return value;
}

const modifyDbProxyTargetGroup = defineOperation<ModifyDBProxyTargetGroupRequest, GroupResult>({
  name: 'ModifyDBProxyTargetGroup',
  access: onNamed('ModifyDBProxyTargetGroup', proxies, ({ DBProxyName }) => DBProxyName),
  async handle(call, input) {
    if (input.NewName !== undefined && input.NewName !== GROUP)
      throw faults.invalidValue('The default target group cannot be renamed.');
    const proxy = await change(call, input, (known) => ({
      ...known,
      pool: poolOf(known.pool, input.ConnectionPoolConfig),
      poolUpdatedAt: new Date(call.nowMs).toISOString(),
    }));
    return { DBProxyTargetGroup: groupShape(homeOf(call), proxy) };
  },
});

const describeDbProxyTargets = defineOperation<DescribeDBProxyTargetsRequest, DescribeDBProxyTargetsResponse>(
  {
    name: 'DescribeDBProxyTargets',
    access: onNamed('DescribeDBProxyTargets', proxies, ({ DBProxyName }) => DBProxyName),
    handle(call, input) {
      const all = targetsOf(call, proxyOf(call, input));
      const page = pageOf(
        filtered(all, input.Filters, {}),
        ({ RdsResourceId = '', Type }) => `${Type} ${RdsResourceId}`,
        input,
      );
      return { Targets: page.items, Marker: page.Marker };
    },
  },
);

type Target = StoredProxy['targets'][number];

function wantedTargets(
  call: Call,
  { DBInstanceIdentifiers = [], DBClusterIdentifiers = [] }: RegisterDBProxyTargetsRequest,
): Target[] {
  const { store } = call.plane;
  const home = homeOf(call);
  return [
    ...DBInstanceIdentifiers.map(
      (id): Target => ({ kind: 'instance', name: named(store, instances, home, id).name }),
    ),
    ...DBClusterIdentifiers.map(
      (id): Target => ({ kind: 'cluster', name: named(store, clusters, home, id).name }),
    ),
  ];
}

const same = (a: Target) => (b: Target) => a.kind === b.kind && a.name === b.name;

const registerDbProxyTargets = defineOperation<RegisterDBProxyTargetsRequest, RegisterDBProxyTargetsResponse>(
  {
    name: 'RegisterDBProxyTargets',
    access: onNamed('RegisterDBProxyTargets', proxies, ({ DBProxyName }) => DBProxyName),
    async handle(call, input) {
      const added = wantedTargets(call, input);
      if (added.length === 0) throw faults.invalidCombination('Specify one DB instance or one DB cluster.');
      const proxy = await change(call, input, (known) => {
        const taken = added.find((target) => known.targets.some(same(target)));
        if (taken) throw faults.targetRegistered(taken.name);
        if (known.targets.length + added.length > 1)
          throw faults.invalidCombination('A DB proxy has one target DB instance or DB cluster at most.');
        return { ...known, targets: [...known.targets, ...added] };
      });
      return { DBProxyTargets: targetsOf(call, proxy) };
    },
  },
);

const deregisterDbProxyTargets = defineOperation<DeregisterDBProxyTargetsRequest, object>({
  name: 'DeregisterDBProxyTargets',
  access: onNamed('DeregisterDBProxyTargets', proxies, ({ DBProxyName }) => DBProxyName),
  async handle(call, input) {
    const { DBInstanceIdentifiers = [], DBClusterIdentifiers = [] } = input;
    const gone: Target[] = [
      ...DBInstanceIdentifiers.map((name): Target => ({ kind: 'instance', name: name.toLowerCase() })),
      ...DBClusterIdentifiers.map((name): Target => ({ kind: 'cluster', name: name.toLowerCase() })),
    ];
    await change(call, input, (known) => {
      const missing = gone.find((target) => !known.targets.some(same(target)));
      if (missing) throw faults.noSuchTarget(missing.name);
      return { ...known, targets: known.targets.filter((target) => !gone.some(same(target))) };
    });
    return {};
  },
});

export const proxyTargetOperations: readonly AnyOperation[] = [
  describeDbProxyTargetGroups,
  modifyDbProxyTargetGroup,
  describeDbProxyTargets,
  registerDbProxyTargets,
  deregisterDbProxyTargets,
];
