// The kinds of resources: where each is kept, how its ARN and tag keys are called, what is answered when it is missing.
import type { Reader } from '@pergola/store';
import type { AwsFault } from '../../fault.ts';
import { type ArnType, arnOf, nameIn } from './arn.ts';
import { faults } from './faults.ts';
import type { StoredCluster, StoredInstance, StoredSnapshot } from './records.ts';
import { type Home, readRecord, type StoredResource, type Table, tableOf } from './state.ts';
import type { StoredClusterEndpoint } from './clusters/stored-cluster-endpoint.ts';
import type { StoredSubnetGroup } from './networks/subnet-group.ts';
import type { StoredOptionGroup } from './options/option-group.ts';
import type { StoredParameterGroup } from './parameters/parameter-group.ts';
import type { StoredProxy } from './proxies/proxy.ts';
import type { StoredGlobalCluster } from './globals/global-cluster.ts';
import type { StoredSubscription } from './events/subscription.ts';

export interface Kind<T extends StoredResource> {
  readonly table: Table<T>;
  readonly arnType: ArnType;
  /** Of the condition keys of its tags: `rds:db-tag/KEY`. */
  readonly tagPrefix?: string;
  /** What its ARN ends in; default: its name. */
  arnName?(record: T): string;
  readonly missing: (name: string) => AwsFault;
}

export const instances: Kind<StoredInstance> = {
  table: tableOf('instance'),
  arnType: 'db',
  tagPrefix: 'db-tag',
  missing: faults.noSuchInstance,
};
export const clusters: Kind<StoredCluster> = {
  table: tableOf('cluster'),
  arnType: 'cluster',
  tagPrefix: 'cluster-tag',
  missing: faults.noSuchCluster,
};
export const clusterEndpoints: Kind<StoredClusterEndpoint> = {
  table: tableOf('cluster-endpoint'),
  arnType: 'cluster-endpoint',
  missing: faults.noSuchClusterEndpoint,
};
export const snapshots: Kind<StoredSnapshot> = {
  table: tableOf('snapshot'),
  arnType: 'snapshot',
  tagPrefix: 'snapshot-tag',
  missing: faults.noSuchSnapshot,
};
export const clusterSnapshots: Kind<StoredSnapshot> = {
  table: tableOf('cluster-snapshot'),
  arnType: 'cluster-snapshot',
  tagPrefix: 'cluster-snapshot-tag',
  missing: faults.noSuchClusterSnapshot,
};
export const parameterGroups: Kind<StoredParameterGroup> = {
  table: tableOf('parameter-group'),
  arnType: 'pg',
  tagPrefix: 'pg-tag',
  missing: faults.noSuchParameterGroup,
};
export const clusterParameterGroups: Kind<StoredParameterGroup> = {
  table: tableOf('cluster-parameter-group'),
  arnType: 'cluster-pg',
  tagPrefix: 'cluster-pg-tag',
  missing: faults.noSuchClusterParameterGroup,
};
export const subnetGroups: Kind<StoredSubnetGroup> = {
  table: tableOf('subnet-group'),
  arnType: 'subgrp',
  tagPrefix: 'subgrp-tag',
  missing: faults.noSuchSubnetGroup,
};
export const optionGroups: Kind<StoredOptionGroup> = {
  table: tableOf('option-group'),
  arnType: 'og',
  tagPrefix: 'og-tag',
  missing: faults.noSuchOptionGroup,
};
export const proxies: Kind<StoredProxy> = {
  table: tableOf('proxy'),
  arnType: 'db-proxy',
  arnName: ({ resourceId }) => resourceId,
  missing: faults.noSuchProxy,
};
export const globalClusters: Kind<StoredGlobalCluster> = {
  table: tableOf('global-cluster'),
  arnType: 'global-cluster',
  missing: faults.noSuchGlobalCluster,
};
export const subscriptions: Kind<StoredSubscription> = {
  table: tableOf('subscription'),
  arnType: 'es',
  tagPrefix: 'es-tag',
  missing: faults.noSuchSubscription,
};

/** Every kind that can be tagged. */
export const taggedKinds: readonly Kind<StoredResource>[] = [
  instances,
  clusters,
  clusterEndpoints,
  snapshots,
  clusterSnapshots,
  parameterGroups,
  clusterParameterGroups,
  subnetGroups,
  optionGroups,
  proxies,
  globalClusters,
  subscriptions,
];

/** Global clusters belong to the account as a whole. */
export function homeOfKind(kind: Pick<Kind<StoredResource>, 'arnType'>, { account, region }: Home): Home {
  return { account, region: kind.arnType === 'global-cluster' ? 'global' : region };
}

export function find<T extends StoredResource>(
  reader: Reader,
  kind: Kind<T>,
  home: Home,
  nameOrArn: string,
): T | undefined {
  const name = nameIn(nameOrArn, kind.arnType, home);
  return readRecord(reader, kind.table, homeOfKind(kind, home), name);
}

/** The resource that is named, or the fault of its kind. */
export function named<T extends StoredResource>(
  reader: Reader,
  kind: Kind<T>,
  home: Home,
  nameOrArn: string | undefined,
): T {
  const found = find(reader, kind, home, nameOrArn ?? '');
  if (!found) throw kind.missing(nameOrArn ?? '');
  return found;
}

export function arnOfRecord(kind: Pick<Kind<StoredResource>, 'arnType'>, home: Home, name: string): string {
  return arnOf(home, kind.arnType, name);
}
