// What RDS offers here: engine versions, and which classes can be ordered of them.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html
import type {
  DBEngineVersion,
  DBEngineVersionMessage,
  DBMajorEngineVersion,
  DescribeDBEngineVersionsMessage,
  DescribeDBMajorEngineVersionsRequest,
  DescribeDBMajorEngineVersionsResponse,
  DescribeOrderableDBInstanceOptionsMessage,
  OrderableDBInstanceOption,
  OrderableDBInstanceOptionsMessage,
} from '@aws-sdk/client-rds';
import type { PlaneContext } from '../../../plane-context.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { onAccount } from '../access.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { pageOf } from '../paging.ts';
import { isAuroraClass, orderableClasses, SERVERLESS } from './classes.ts';
import { compareVersions, engineNames, engineOf, type OfferedVersion, versionsOf } from './engines.ts';

const CERTIFICATES = ['rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', 'rds-ca-ecc384-g1'];

function offered(plane: PlaneContext, engine: string | undefined): readonly OfferedVersion[] {
  const names = engine ? [engineOf(engine).name] : engineNames;
  return names.flatMap((name) => versionsOf(plane, engineOf(name)));
}

function versionShape(one: OfferedVersion, all: readonly OfferedVersion[]): DBEngineVersion {
  const { engine, version, major, family } = one;
  const targets = all.filter(
    (other) => other.engine === engine && compareVersions(other.version, version) > 0,
  );
  return {
    Engine: engine.name,
    MajorEngineVersion: major,
    EngineVersion: version,
    DBParameterGroupFamily: family,
    DBEngineDescription: engine.description,
    DBEngineVersionDescription: `${engine.description} ${version}-R1`,
    ValidUpgradeTarget: targets
      .filter((target) => target.major === major)
      .map((target) => ({
        Engine: engine.name,
        EngineVersion: target.version,
        Description: `${engine.description} ${target.version}-R1`,
        AutoUpgrade: false,
        IsMajorVersionUpgrade: false,
        SupportedEngineModes: engine.clustered ? ['provisioned'] : [],
        SupportsParallelQuery: false,
        SupportsGlobalDatabases: engine.clustered,
        SupportsBabelfish: false,
        SupportsLimitlessDatabase: false,
        SupportsLocalWriteForwarding: false,
        SupportsIntegrations: false,
      })),
    ExportableLogTypes: [...engine.logTypes],
    SupportedEngineModes: engine.clustered ? ['provisioned'] : [],
    SupportedFeatureNames: [],
    SupportedCACertificateIdentifiers: CERTIFICATES,
    SupportsLogExportsToCloudwatchLogs: true,
    SupportsReadReplica: !engine.clustered,
    Status: 'available',
    SupportsParallelQuery: false,
    SupportsGlobalDatabases: engine.clustered,
    SupportsBabelfish: false,
    SupportsLimitlessDatabase: false,
    SupportsCertificateRotationWithoutRestart: true,
    SupportsLocalWriteForwarding: false,
    SupportsIntegrations: false,
  };
}

const versionFilters: FilterTable<OfferedVersion> = {
  'db-parameter-group-family': ({ family }) => [family],
  engine: ({ engine }) => [engine.name],
  'engine-mode': ({ engine }) => (engine.clustered ? ['provisioned'] : []),
  'engine-version': ({ version }) => [version],
  status: () => ['available'],
};

const describeDbEngineVersions = defineOperation<DescribeDBEngineVersionsMessage, DBEngineVersionMessage>({
  name: 'DescribeDBEngineVersions',
  access: onAccount('DescribeDBEngineVersions'),
  handle({ plane }, input) {
    const { Engine, EngineVersion: wanted, DBParameterGroupFamily: family } = input;
    const all = offered(plane, Engine);
    const fitting = all
      .filter(({ version, major }) => !wanted || version === wanted || major === wanted)
      .filter((one) => !family || one.family === family);
    const listed = input.DefaultOnly ? defaultsOf(fitting, wanted) : fitting;
    const page = pageOf(
      filtered(listed, input.Filters, versionFilters),
      ({ engine, version }) => `${engine.name} ${version}`,
      input,
    );
    return { DBEngineVersions: page.items.map((one) => versionShape(one, all)), Marker: page.Marker };
  },
});

/** With a major version, its newest one is the default of an engine; without, the one that is taken when none is named. */
function defaultsOf(all: readonly OfferedVersion[], wanted: string | undefined): readonly OfferedVersion[] {
  return all.filter((one) =>
    wanted ? all.findLast(({ engine }) => engine === one.engine) === one : one.isDefault,
  );
}

const describeDbMajorEngineVersions = defineOperation<
  DescribeDBMajorEngineVersionsRequest,
  DescribeDBMajorEngineVersionsResponse
>({
  name: 'DescribeDBMajorEngineVersions',
  access: onAccount('DescribeDBMajorEngineVersions'),
  handle({ plane }, { Engine, MajorEngineVersion, Marker, MaxRecords }) {
    const majors = new Map<string, DBMajorEngineVersion>();
    for (const { engine, major } of offered(plane, Engine)) {
      if (MajorEngineVersion && major !== MajorEngineVersion) continue;
      majors.set(`${engine.name} ${major}`, {
        Engine: engine.name,
        MajorEngineVersion: major,
        SupportedEngineLifecycles: [],
      });
    }
    const page = pageOf([...majors.values()], (one) => `${one.Engine} ${one.MajorEngineVersion}`, {
      Marker,
      MaxRecords,
    });
    return { DBMajorEngineVersions: page.items, Marker: page.Marker };
  },
});

interface Orderable {
  readonly offered: OfferedVersion;
  readonly instanceClass: string;
  readonly storageType: string;
}

/** Only this list has pages so long. */
const ORDERABLE_PAGE = 10_000;

const zones = (region: string) => ['a', 'b', 'c'].map((letter) => ({ Name: region + letter }));

function orderableShape(
  { offered: { engine, version }, instanceClass, storageType }: Orderable,
  region: string,
): OrderableDBInstanceOption {
  const provisioned = storageType === 'io1' || storageType === 'gp3';
  return {
    Engine: engine.name,
    EngineVersion: version,
    DBInstanceClass: instanceClass,
    LicenseModel: engine.license,
    AvailabilityZones: zones(region),
    MultiAZCapable: !engine.clustered,
    ReadReplicaCapable: !engine.clustered,
    Vpc: true,
    SupportsStorageEncryption: true,
    StorageType: storageType,
    SupportsIops: provisioned,
    SupportsStorageThroughput: storageType === 'gp3',
    SupportsEnhancedMonitoring: true,
    SupportsIAMDatabaseAuthentication: engine.server === 'postgres',
    SupportsPerformanceInsights: true,
    ...(engine.clustered ? {} : { MinStorageSize: storageType === 'io1' ? 100 : 20, MaxStorageSize: 65_536 }),
    AvailableProcessorFeatures: [],
    SupportedEngineModes: engine.clustered ? ['provisioned'] : [],
    SupportsStorageAutoscaling: !engine.clustered,
    SupportsKerberosAuthentication: false,
    OutpostCapable: false,
    SupportedActivityStreamModes: [],
    SupportsGlobalDatabases: engine.clustered,
    SupportsClusters: false,
    SupportedNetworkTypes: ['IPV4'],
    SupportsDedicatedLogVolume: false,
  };
}

const describeOrderableDbInstanceOptions = defineOperation<
  DescribeOrderableDBInstanceOptionsMessage,
  OrderableDBInstanceOptionsMessage
>({
  name: 'DescribeOrderableDBInstanceOptions',
  access: onAccount('DescribeOrderableDBInstanceOptions'),
  handle({ plane, region }, input) {
    const { EngineVersion: wanted, DBInstanceClass, LicenseModel } = input;
    const { clustered, license, name } = engineOf(input.Engine);
    const classes = [...orderableClasses, SERVERLESS].filter((one) =>
      clustered ? isAuroraClass(one) : one !== SERVERLESS,
    );
    const types = clustered ? ['aurora'] : ['gp2', 'gp3', 'io1'];
    const all = offered(plane, name)
      .filter(({ version, major }) => !wanted || version === wanted || major === wanted)
      .flatMap((one) =>
        classes
          .filter((instanceClass) => !DBInstanceClass || instanceClass === DBInstanceClass)
          .flatMap((instanceClass) =>
            types.map((storageType) => ({ offered: one, instanceClass, storageType })),
          ),
      );
    const fitting = LicenseModel && LicenseModel !== license ? [] : all;
    const keyOf = (one: Orderable) => `${one.offered.version} ${one.instanceClass} ${one.storageType}`;
    const page = pageOf(filtered(fitting, input.Filters, {}), keyOf, input, ORDERABLE_PAGE);
    return {
      OrderableDBInstanceOptions: page.items.map((one) => orderableShape(one, region)),
      Marker: page.Marker,
    };
  },
});

export const catalogueOperations: readonly AnyOperation[] = [
  describeDbEngineVersions,
  describeDbMajorEngineVersions,
  describeOrderableDbInstanceOptions,
];
