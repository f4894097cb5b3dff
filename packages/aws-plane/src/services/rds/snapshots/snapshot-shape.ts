// Snapshots as DescribeDBSnapshots and DescribeDBClusterSnapshots show them.
import type { DBClusterSnapshot, DBSnapshot } from '@aws-sdk/client-rds';
import { arnOf } from '../arn.ts';
import { engineOf } from '../catalogue/engines.ts';
import type { StoredSnapshot } from '../records.ts';
import type { Home } from '../state.ts';
import { tagListOf } from '../tags.ts';

const percentOf = ({ status }: StoredSnapshot) => (status === 'available' ? 100 : 0);

export function snapshotShape(home: Home, snapshot: StoredSnapshot): DBSnapshot {
  return {
    DBSnapshotIdentifier: snapshot.name,
    DBSnapshotArn: arnOf(home, 'snapshot', snapshot.name),
    DBInstanceIdentifier: snapshot.sourceName,
    DbiResourceId: snapshot.sourceResourceId,
    InstanceCreateTime: new Date(snapshot.sourceCreatedAt),
    SnapshotCreateTime: snapshot.status === 'creating' ? undefined : new Date(snapshot.createdAt),
    OriginalSnapshotCreateTime:
      snapshot.status === 'creating' ? undefined : new Date(snapshot.originalCreatedAt),
    Status: snapshot.status,
    SnapshotType: snapshot.type,
    PercentProgress: percentOf(snapshot),
    Engine: snapshot.engine,
    EngineVersion: snapshot.version,
    LicenseModel: snapshot.license,
    AllocatedStorage: snapshot.storageGb,
    StorageType: snapshot.storageType,
    Iops: snapshot.iops,
    StorageThroughput: snapshot.throughput,
    Port: snapshot.port,
    AvailabilityZone: snapshot.zones[0],
    VpcId: snapshot.vpcId,
    MasterUsername: snapshot.masterUser,
    OptionGroupName: snapshot.optionGroup,
    Encrypted: snapshot.encrypted,
    KmsKeyId: snapshot.kmsKeyId,
    IAMDatabaseAuthenticationEnabled: snapshot.iamAuth,
    SourceDBSnapshotIdentifier: snapshot.copyOf,
    SourceRegion: snapshot.copyOf === undefined ? undefined : home.region,
    ProcessorFeatures: [],
    TagList: tagListOf(snapshot.tags),
    SnapshotTarget: 'region',
    DedicatedLogVolume: false,
    MultiTenant: false,
  };
}

export function clusterSnapshotShape(home: Home, snapshot: StoredSnapshot): DBClusterSnapshot {
  return {
    DBClusterSnapshotIdentifier: snapshot.name,
    DBClusterSnapshotArn: arnOf(home, 'cluster-snapshot', snapshot.name),
    DBClusterIdentifier: snapshot.sourceName,
    DbClusterResourceId: snapshot.sourceResourceId,
    ClusterCreateTime: new Date(snapshot.sourceCreatedAt),
    SnapshotCreateTime: new Date(snapshot.createdAt),
    Status: snapshot.status,
    SnapshotType: snapshot.type,
    PercentProgress: percentOf(snapshot),
    Engine: snapshot.engine,
    EngineMode: engineOf(snapshot.engine).clustered ? 'provisioned' : undefined,
    EngineVersion: snapshot.version,
    LicenseModel: snapshot.license,
    AllocatedStorage: snapshot.storageGb,
    StorageType: snapshot.storageType,
    Port: 0,
    AvailabilityZones: [...snapshot.zones],
    VpcId: snapshot.vpcId,
    MasterUsername: snapshot.masterUser,
    StorageEncrypted: snapshot.encrypted,
    KmsKeyId: snapshot.kmsKeyId,
    IAMDatabaseAuthenticationEnabled: snapshot.iamAuth,
    SourceDBClusterSnapshotArn: snapshot.copyOf,
    TagList: tagListOf(snapshot.tags),
  };
}
