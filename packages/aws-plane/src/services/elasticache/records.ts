// What ElastiCache keeps. Instants are ISO 8601 in UTC.
import type { EnginePlace } from '@pergola/engines';
import type { StoredResource } from './state.ts';

export type CacheKind = 'cluster' | 'replicationgroup' | 'serverlesscache';

export interface StoredNode {
  /** Of a replication group's node the id of its cache cluster; else `0001`. */
  readonly id: string;
  readonly zone: string;
}

export interface StoredShard {
  /** `0001` */
  readonly id: string;
  /** `0-8191`; all slots where there is one shard. */
  readonly slots: string;
  /** The primary first. */
  readonly nodes: readonly StoredNode[];
}

/** Limits of a serverless cache. */
export interface UsageLimits {
  readonly DataStorage?: { readonly Maximum?: number; readonly Minimum?: number; readonly Unit?: 'GB' };
  readonly ECPUPerSecond?: { readonly Maximum?: number; readonly Minimum?: number };
}

/** Changes that wait for the maintenance window. */
export interface PendingChanges {
  readonly nodeType?: string;
  readonly version?: string;
  readonly engine?: string;
  /** With a version of another family. */
  readonly parameterGroup?: string;
  /** Of a Memcached cluster. */
  readonly nodes?: readonly StoredNode[];
}

/** A cache cluster that stands alone, a replication group, or a serverless cache: what runs as one engine. */
export interface StoredCache extends StoredResource {
  readonly kind: CacheKind;
  /** Names the engine; never used again. */
  readonly engineId: string;
  readonly createdAt: string;
  readonly status: string;
  readonly engine: string;
  /** In full, e.g. `7.1.0`. */
  readonly version: string;
  /** The port that was asked for; `places` tells the real ones. */
  readonly port: number;
  readonly nodeType: string;
  readonly tls: 'off' | 'preferred' | 'required';
  readonly atRest: boolean;
  readonly kmsKeyId?: string | undefined;
  readonly authTokens: readonly string[];
  readonly authTokenAt?: string | undefined;
  readonly userGroups: readonly string[];
  readonly parameterGroup: string;
  readonly subnetGroup?: string | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups: readonly string[];
  readonly topic?: string | undefined;
  readonly maintenanceWindow: string;
  readonly snapshotWindow: string;
  readonly snapshotDays: number;
  readonly autoMinor: boolean;
  readonly clustered: boolean;
  readonly shards: readonly StoredShard[];
  /** Where nodes and doors listen; empty until they did for the first time. */
  readonly places: Readonly<Record<string, EnginePlace>>;
  readonly description: string;
  readonly failover: boolean;
  readonly multiAz: boolean;
  readonly networkType: string;
  readonly clusterMode: 'enabled' | 'disabled' | 'compatible';
  readonly limits?: UsageLimits | undefined;
  readonly pending: PendingChanges;
  /** The engine's snapshot that it begins with. */
  readonly restoreFrom?: string | undefined;
  /** While it is being deleted: the snapshot that is made first. */
  readonly finalSnapshot?: string | undefined;
}

export interface StoredSnapshot extends StoredResource {
  readonly of: CacheKind;
  /** The engine's name of it. */
  readonly dataId: string;
  readonly status: 'creating' | 'available' | 'deleting' | 'failed';
  readonly source: 'manual' | 'automated';
  readonly createdAt: string;
  readonly bytes: number;
  readonly expiresAt?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  /** The cache as it was. */
  readonly cache: Omit<StoredCache, 'authTokens' | 'places'>;
  readonly clusterId?: string | undefined;
}

export interface StoredUser extends StoredResource {
  /** What logs in; `name` is the id. */
  readonly userName: string;
  readonly engine: string;
  readonly access: string;
  readonly status: string;
  readonly mode: 'password' | 'no-password' | 'iam';
  readonly passwords: readonly string[];
}

export interface StoredUserGroup extends StoredResource {
  readonly engine: string;
  readonly users: readonly string[];
  readonly status: string;
}

export interface StoredParameterGroup extends StoredResource {
  readonly family: string;
  readonly description: string;
  /** What differs from the family. */
  readonly values: Readonly<Record<string, string>>;
}

export interface StoredSubnetGroup extends StoredResource {
  readonly description: string;
  readonly vpcId: string;
  readonly subnets: readonly { readonly id: string; readonly arn: string; readonly zone: string }[];
}

export interface StoredEvent {
  readonly name: string;
  readonly sourceName: string;
  readonly sourceType: string;
  readonly message: string;
  readonly at: string;
}
