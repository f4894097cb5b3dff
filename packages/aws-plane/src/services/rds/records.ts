// What RDS keeps of instances, clusters and snapshots. Instants are ISO 8601 in UTC.
import type { DatabaseInsightsMode } from '@aws-sdk/client-rds';
import type { EnginePlace } from '@pergola/engines';
import type { StoredResource } from './state.ts';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
export type InstanceStatus =
  | 'creating'
  | 'backing-up'
  | 'available'
  | 'modifying'
  | 'resetting-master-credentials'
  | 'renaming'
  | 'rebooting'
  | 'upgrading'
  | 'stopping'
  | 'stopped'
  | 'starting'
  | 'deleting'
  | 'failed';

/** What ModifyDBInstance may change. */
export interface InstanceSettings {
  /** `db.t3.micro` */
  readonly instanceClass: string;
  readonly version: string;
  readonly storageGb: number;
  readonly maxStorageGb?: number | undefined;
  readonly storageType: string;
  readonly iops?: number | undefined;
  /** MiB/s */
  readonly throughput?: number | undefined;
  /** The port that was asked for; `place` tells the real one. */
  readonly port: number;
  readonly multiAz: boolean;
  readonly publiclyAccessible: boolean;
  readonly subnetGroup: string;
  readonly zone: string;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup: string;
  readonly backupDays: number;
  /** `05:00-05:30` */
  readonly backupWindow: string;
  /** `sun:06:00-sun:06:30` */
  readonly maintenanceWindow: string;
  readonly autoMinorUpgrade: boolean;
  readonly license: string;
  readonly copyTags: boolean;
  readonly monitoringSeconds: number;
  readonly monitoringRole?: string | undefined;
  readonly promotionTier: number;
  readonly iamAuth: boolean;
  readonly insightsMode: DatabaseInsightsMode;
  readonly insights: boolean;
  readonly insightsKey?: string | undefined;
  readonly insightsDays?: number | undefined;
  readonly logExports: readonly string[];
  readonly deletionProtection: boolean;
  readonly certificateAuthority: string;
  readonly networkType: string;
  readonly dedicatedLogVolume: boolean;
}

/** Changes to an instance; `name` is a new identifier. */
export type InstanceChanges = Partial<InstanceSettings> & { readonly name?: string | undefined };

/** The secret that RDS manages for a master user. */
export interface ManagedSecret {
  readonly arn: string;
  readonly kmsKeyId: string;
}

export type ParametersStatus = 'in-sync' | 'pending-reboot' | 'applying';

/** What instances and clusters have in common: something that may own an engine. */
export interface StoredDatabase extends StoredResource {
  /** `db-…` or `cluster-…`; names the engine, and stays when the identifier changes. */
  readonly resourceId: string;
  readonly createdAt: string;
  readonly engine: string;
  readonly masterUser: string;
  readonly database?: string | undefined;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  /** Where the server listens; absent until it did for the first time. */
  readonly place?: EnginePlace | undefined;
  readonly secret?: ManagedSecret | undefined;
  /** The restore that gave it its data: the engine's snapshot. */
  readonly restoredFrom?: string | undefined;
  /** The engine's snapshot that is removed when this has been restored from it. */
  readonly restoredOnce?: boolean | undefined;
  readonly roles: readonly { readonly arn: string; readonly feature: string }[];
  /** While it is being deleted: the snapshot that must be made first. */
  readonly finalSnapshot?: string | undefined;
  /** While it is being deleted: its automated snapshots stay. */
  readonly keepsBackups?: boolean | undefined;
}

export interface StoredInstance extends StoredDatabase {
  readonly status: InstanceStatus;
  readonly settings: InstanceSettings;
  /** Changes that wait for the maintenance window. */
  readonly pending: InstanceChanges;
  /** Changes that are being made now. */
  readonly applying?: InstanceChanges | undefined;
  readonly parametersStatus: ParametersStatus;
  /** The cluster whose engine it shares. */
  readonly clusterName?: string | undefined;
  /** The instance whose engine it shares as a read replica. */
  readonly sourceName?: string | undefined;
}

export interface ClusterSettings {
  readonly version: string;
  readonly port: number;
  readonly subnetGroup: string;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly zones: readonly string[];
  readonly backupDays: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly iamAuth: boolean;
  readonly logExports: readonly string[];
  readonly deletionProtection: boolean;
  readonly copyTags: boolean;
  readonly storageType?: string | undefined;
  readonly httpEndpoint: boolean;
  readonly engineMode: string;
  readonly serverlessMin?: number | undefined;
  readonly serverlessMax?: number | undefined;
  readonly serverlessPauseSeconds?: number | undefined;
  readonly insightsMode: DatabaseInsightsMode;
  readonly insights: boolean;
  readonly insightsKey?: string | undefined;
  readonly insightsDays?: number | undefined;
  readonly monitoringSeconds: number;
  readonly monitoringRole?: string | undefined;
  readonly networkType: string;
  readonly certificateAuthority: string;
}

export interface StoredCluster extends StoredDatabase {
  readonly status: string;
  readonly settings: ClusterSettings;
  /** Instances by name, in the order of joining; the first is the writer. */
  readonly members: readonly string[];
  readonly parametersStatus: ParametersStatus;
  readonly globalCluster?: string | undefined;
}

/** A snapshot of an instance or of a cluster. */
export interface StoredSnapshot extends StoredResource {
  /** The engine's name of it. */
  readonly dataId: string;
  readonly createdAt: string;
  /** When the first of a chain of copies was made. */
  readonly originalCreatedAt: string;
  readonly status: 'creating' | 'available' | 'failed' | 'deleting';
  readonly type: 'manual' | 'automated';
  /** The identifier that the source had then. */
  readonly sourceName: string;
  readonly sourceResourceId: string;
  readonly sourceCreatedAt: string;
  readonly engine: string;
  readonly version: string;
  readonly masterUser: string;
  readonly database?: string | undefined;
  readonly port: number;
  readonly storageGb: number;
  readonly storageType?: string | undefined;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly zones: readonly string[];
  readonly vpcId?: string | undefined;
  readonly license: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  readonly iamAuth: boolean;
  readonly optionGroup?: string | undefined;
  /** ARN of the snapshot that this is a copy of. */
  readonly copyOf?: string | undefined;
  /** Accounts that may restore it, or `all`. */
  readonly sharedWith: readonly string[];
}
