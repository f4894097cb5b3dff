// The kinds of resources: where each is kept, how its ARN is called, what is answered when it is missing.
import type { Reader } from '@pergola/store';
import type { AwsFault } from '../../fault.ts';
import { faults } from './faults.ts';
import type {
  StoredCache,
  StoredParameterGroup,
  StoredSnapshot,
  StoredSubnetGroup,
  StoredUser,
  StoredUserGroup,
} from './records.ts';
import { type Home, readRecord, type StoredResource, type Table } from './state.ts';

export interface Kind<T extends StoredResource> extends Table<T> {
  /** The word in its ARN; also its noun in the store. */
  readonly noun: string;
  readonly missing: (name: string) => AwsFault;
}

export const clusters: Kind<StoredCache> = { noun: 'cluster', missing: faults.noSuchCluster };
export const groups: Kind<StoredCache> = { noun: 'replicationgroup', missing: faults.noSuchGroup };
export const serverless: Kind<StoredCache> = { noun: 'serverlesscache', missing: faults.noSuchServerless };
export const snapshots: Kind<StoredSnapshot> = { noun: 'snapshot', missing: faults.noSuchSnapshot };
export const serverlessSnapshots: Kind<StoredSnapshot> = {
  noun: 'serverlesscachesnapshot',
  missing: faults.noSuchServerlessSnapshot,
};
export const users: Kind<StoredUser> = { noun: 'user', missing: faults.noSuchUser };
export const userGroups: Kind<StoredUserGroup> = { noun: 'usergroup', missing: faults.noSuchUserGroup };
export const parameterGroups: Kind<StoredParameterGroup> = {
  noun: 'parametergroup',
  missing: faults.noSuchParameterGroup,
};
export const subnetGroups: Kind<StoredSubnetGroup> = {
  noun: 'subnetgroup',
  missing: faults.noSuchSubnetGroup,
};

export const cacheKinds = {
  cluster: clusters,
  replicationgroup: groups,
  serverlesscache: serverless,
} as const;

const all: readonly Kind<StoredResource>[] = [
  clusters,
  groups,
  serverless,
  snapshots,
  serverlessSnapshots,
  users,
  userGroups,
  parameterGroups,
  subnetGroups,
] as readonly Kind<StoredResource>[];

export function arnOf({ account, region }: Home, noun: string, name: string): string {
  return `arn:aws:elasticache:${region}:${account}:${noun}:${name}`;
}

/** Kind and name of an ARN of this account and region. */
export function parseArn(
  home: Home,
  arn: string,
): { readonly kind: Kind<StoredResource>; readonly name: string } {
  const [, region, account, noun, name] =
    /^arn:aws[a-z-]*:elasticache:([a-z0-9-]+):(\d{12}):([a-z]+):([^:]+)$/.exec(arn) ?? [];
  const kind = all.find((each) => each.noun === noun);
  if (!kind || name === undefined || account !== home.account || region !== home.region) {
    throw faults.invalidArn(`The ARN ${arn} is invalid.`);
  }
  return { kind, name };
}

/** The record that is named, or the fault of its kind. */
export function named<T extends StoredResource>(
  reader: Reader,
  kind: Kind<T>,
  home: Home,
  name: string | undefined,
): T {
  const found = name ? readRecord(reader, kind, home, name) : undefined;
  if (!found) throw kind.missing(name ?? '');
  return found;
}
