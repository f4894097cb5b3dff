// What the kinds of RDS are made with, changed to and held to.
import {
  DescribeDBClusterEndpointsCommand,
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBClusterParametersCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  DescribeDBProxiesCommand,
  DescribeDBSnapshotsCommand,
  DescribeDBSubnetGroupsCommand,
  DescribeGlobalClustersCommand,
  ListTagsForResourceCommand,
  type Parameter,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import type { Life } from './life.ts';

const tagOf = (team: string) => expect.arrayContaining([{ Key: 'team', Value: team }]) as unknown;
const api = [{ key: 'team', value: 'api' }];

async function withTags<T extends object>(rds: RDSClient, found: T | undefined, arn: string | undefined) {
  if (!found) return undefined;
  const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName: arn }));
  return { ...found, TagList };
}

/** Only those that somebody set. */
const parametersOf = (list: readonly Parameter[] = []) =>
  Object.fromEntries(list.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]));

const instance: Life = {
  kind: 'rds/DBInstance',
  needs: ['rds/DBParameterGroup'],
  spec: { dbInstanceIdentifier: 'life' },
  async read({ rds }) {
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'life' }));
    return DBInstances?.[0];
  },
  made: {
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.t3.micro',
    Engine: 'postgres',
    AllocatedStorage: 20,
    BackupRetentionPeriod: 7,
    MasterUsername: 'myusername',
    DBName: 'orders',
    TagList: tagOf('web'),
  },
  changes: {
    dbInstanceClass: 'db.t3.small',
    allocatedStorage: 30,
    maxAllocatedStorage: 100,
    backupRetentionPeriod: 3,
    preferredBackupWindow: '03:00-03:30',
    preferredMaintenanceWindow: 'Sun:05:00-Sun:05:30',
    multiAZ: true,
    copyTagsToSnapshot: true,
    autoMinorVersionUpgrade: false,
    publiclyAccessible: true,
    enableIAMDatabaseAuthentication: true,
    deletionProtection: true,
    dbParameterGroupName: 'tuned',
    port: 5544,
    tags: api,
  },
  changed: {
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.t3.small',
    AllocatedStorage: 30,
    MaxAllocatedStorage: 100,
    BackupRetentionPeriod: 3,
    PreferredBackupWindow: '03:00-03:30',
    PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
    MultiAZ: true,
    CopyTagsToSnapshot: true,
    AutoMinorVersionUpgrade: false,
    PubliclyAccessible: true,
    IAMDatabaseAuthenticationEnabled: true,
    DeletionProtection: true,
    DBParameterGroups: [{ DBParameterGroupName: 'tuned' }],
    Endpoint: { Port: 5544 },
    TagList: tagOf('api'),
  },
  fixed: { availabilityZone: 'us-east-1f' },
  replaced: { engine: 'mysql', masterUsername: 'another', dbName: 'another', storageEncrypted: true },
  protection: 'deletionProtection',
};

const snapshot: Life = {
  kind: 'rds/DBSnapshot',
  needs: ['rds/DBInstance'],
  spec: { dbSnapshotIdentifier: 'life' },
  async read({ rds }) {
    const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'life' }));
    return DBSnapshots?.[0];
  },
  made: { Status: 'available', DBInstanceIdentifier: 'orders', SnapshotType: 'manual' },
  changes: { tags: api },
  changed: { TagList: tagOf('api') },
};

const cluster: Life = {
  kind: 'rds/DBCluster',
  needs: ['rds/DBClusterParameterGroup'],
  spec: { dbClusterIdentifier: 'life' },
  async read({ rds }) {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'life' }));
    return DBClusters?.[0];
  },
  made: {
    Status: 'available',
    Engine: 'aurora-postgresql',
    DatabaseName: 'shop',
    MasterUsername: 'shopkeeper',
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 },
  },
  changes: {
    backupRetentionPeriod: 3,
    preferredBackupWindow: '03:00-03:30',
    preferredMaintenanceWindow: 'Sun:05:00-Sun:05:30',
    serverlessV2ScalingConfiguration: { maxCapacity: 4 },
    copyTagsToSnapshot: true,
    enableIAMDatabaseAuthentication: true,
    dbClusterParameterGroupName: 'logged',
    deletionProtection: true,
    tags: api,
  },
  changed: {
    Status: 'available',
    BackupRetentionPeriod: 3,
    PreferredBackupWindow: '03:00-03:30',
    PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
    CopyTagsToSnapshot: true,
    IAMDatabaseAuthenticationEnabled: true,
    DBClusterParameterGroup: 'logged',
    DeletionProtection: true,
    TagList: tagOf('api'),
  },
  replaced: { engine: 'aurora-mysql', masterUsername: 'another', databaseName: 'another' },
  protection: 'deletionProtection',
};

const clusterEndpoint: Life = {
  kind: 'rds/DBClusterEndpoint',
  needs: ['rds/DBCluster'],
  spec: { dbClusterEndpointIdentifier: 'life' },
  async read({ rds }) {
    const { DBClusterEndpoints } = await rds.send(
      new DescribeDBClusterEndpointsCommand({ DBClusterEndpointIdentifier: 'life' }),
    );
    const [found] = DBClusterEndpoints ?? [];
    return await withTags(rds, found, found?.DBClusterEndpointArn);
  },
  made: { Status: 'available', DBClusterIdentifier: 'shop', CustomEndpointType: 'READER' },
  changes: { endpointType: 'ANY', tags: api },
  changed: { Status: 'available', CustomEndpointType: 'ANY', TagList: tagOf('api') },
};

const clusterSnapshot: Life = {
  kind: 'rds/DBClusterSnapshot',
  needs: ['rds/DBCluster'],
  spec: { dbClusterSnapshotIdentifier: 'life' },
  async read({ rds }) {
    const { DBClusterSnapshots } = await rds.send(
      new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: 'life' }),
    );
    return DBClusterSnapshots?.[0];
  },
  made: { Status: 'available', DBClusterIdentifier: 'shop', SnapshotType: 'manual' },
  changes: { tags: api },
  changed: { TagList: tagOf('api') },
};

const parameterGroup: Life = {
  kind: 'rds/DBParameterGroup',
  spec: { name: 'life' },
  async read({ rds }) {
    const named = { DBParameterGroupName: 'life' };
    const { DBParameterGroups } = await rds.send(new DescribeDBParameterGroupsCommand(named));
    const { Parameters } = await rds.send(new DescribeDBParametersCommand({ ...named, Source: 'user' }));
    const [found] = DBParameterGroups ?? [];
    return {
      ...(await withTags(rds, found, found?.DBParameterGroupArn)),
      parameters: parametersOf(Parameters),
    };
  },
  made: { DBParameterGroupFamily: 'postgres14', parameters: { work_mem: '8192' } },
  changes: {
    parameterOverrides: { work_mem: null, maintenance_work_mem: '65536', max_connections: '50' },
    tags: api,
  },
  changed: {
    parameters: { maintenance_work_mem: '65536', max_connections: '50' },
    TagList: tagOf('api'),
  },
  replaced: { family: 'postgres17', description: 'Another' },
};

const clusterParameterGroup: Life = {
  kind: 'rds/DBClusterParameterGroup',
  spec: { name: 'life' },
  async read({ rds }) {
    const named = { DBClusterParameterGroupName: 'life' };
    const { DBClusterParameterGroups } = await rds.send(new DescribeDBClusterParameterGroupsCommand(named));
    const { Parameters } = await rds.send(
      new DescribeDBClusterParametersCommand({ ...named, Source: 'user' }),
    );
    const [found] = DBClusterParameterGroups ?? [];
    return {
      ...(await withTags(rds, found, found?.DBClusterParameterGroupArn)),
      parameters: parametersOf(Parameters),
    };
  },
  made: {
    DBParameterGroupFamily: 'aurora-postgresql14',
    parameters: { log_min_duration_statement: '1000' },
  },
  changes: { parameterOverrides: { log_min_duration_statement: '500' }, tags: api },
  changed: { parameters: { log_min_duration_statement: '500' }, TagList: tagOf('api') },
  replaced: { family: 'aurora-postgresql15', description: 'Another' },
};

const proxy: Life = {
  kind: 'rds/DBProxy',
  needs: ['iam/Role'],
  async spec({ sdk, subnets }) {
    const SecretString = JSON.stringify({ username: 'app', password: 'a-long-enough-secret' });
    const { ARN = '' } = await sdk.secrets.send(new CreateSecretCommand({ Name: 'app', SecretString }));
    return {
      name: 'life',
      auth: [{ authScheme: 'SECRETS', iamAuth: 'DISABLED', secretARN: ARN }],
      vpcSubnetIDs: subnets,
    };
  },
  async read({ rds }) {
    const { DBProxies } = await rds.send(new DescribeDBProxiesCommand({ DBProxyName: 'life' }));
    const [found] = DBProxies ?? [];
    return await withTags(rds, found, found?.DBProxyArn);
  },
  made: { Status: 'available', EngineFamily: 'POSTGRESQL', RequireTLS: true },
  changes: { requireTLS: false, idleClientTimeout: 60, debugLogging: true, tags: api },
  changed: {
    Status: 'available',
    RequireTLS: false,
    IdleClientTimeout: 60,
    DebugLogging: true,
    TagList: tagOf('api'),
  },
  replaced: { engineFamily: 'MYSQL' },
};

const subnetGroup: Life = {
  kind: 'rds/DBSubnetGroup',
  spec: { name: 'life' },
  async read({ rds }) {
    const { DBSubnetGroups } = await rds.send(
      new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: 'life' }),
    );
    const [found] = DBSubnetGroups ?? [];
    return await withTags(rds, found, found?.DBSubnetGroupArn);
  },
  made: { DBSubnetGroupDescription: 'The private subnets', SubnetGroupStatus: 'Complete' },
  changes: { description: 'Those of life', tags: api },
  changed: { DBSubnetGroupDescription: 'Those of life', TagList: tagOf('api') },
};

const globalCluster: Life = {
  kind: 'rds/GlobalCluster',
  spec: { globalClusterIdentifier: 'life' },
  async read({ rds }) {
    const { GlobalClusters } = await rds.send(
      new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: 'life' }),
    );
    return GlobalClusters?.[0];
  },
  made: { Status: 'available', Engine: 'aurora-postgresql', StorageEncrypted: true },
  changes: { deletionProtection: true, tags: api },
  changed: { DeletionProtection: true, TagList: tagOf('api') },
  replaced: { engine: 'aurora-mysql', storageEncrypted: false },
  protection: 'deletionProtection',
};

export const rdsLives: readonly Life[] = [
  parameterGroup,
  clusterParameterGroup,
  subnetGroup,
  instance,
  snapshot,
  cluster,
  clusterEndpoint,
  clusterSnapshot,
  globalCluster,
  proxy,
];
