// The account's side of RDS: quotas, certificates, regions, maintenance that is due.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeAccountAttributes.html
import type {
  AccountAttributesMessage,
  AccountQuota,
  Certificate,
  CertificateMessage,
  DescribeCertificatesMessage,
  DescribePendingMaintenanceActionsMessage,
  DescribeSourceRegionsMessage,
  DescribeValidDBInstanceModificationsMessage,
  DescribeValidDBInstanceModificationsResult,
  PendingMaintenanceActionsMessage,
  SourceRegionMessage,
} from '@aws-sdk/client-rds';
import type { Call } from '../../call.ts';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { homeOf, onAccount, onNamed } from './access.ts';
import { faults } from './faults.ts';
import { filtered } from './filters.ts';
import {
  clusterParameterGroups,
  clusters,
  clusterSnapshots,
  instances,
  type Kind,
  named,
  optionGroups,
  parameterGroups,
  proxies,
  snapshots,
  subnetGroups,
  subscriptions,
} from './kinds.ts';
import { pageOf } from './paging.ts';
import { listRecords, type StoredResource } from './state.ts';

interface Quota {
  readonly name: string;
  readonly max: number;
  readonly used: (call: Call) => number;
}

const countOf = (kind: Kind<StoredResource>) => (call: Call) =>
  listRecords(call.plane.store, kind.table, homeOf(call)).length;

const manual = (call: Call) =>
  [snapshots, clusterSnapshots]
    .flatMap((kind) => listRecords(call.plane.store, kind.table, homeOf(call)))
    .filter(({ type }) => type === 'manual').length;

const storage = (call: Call) =>
  listRecords(call.plane.store, instances.table, homeOf(call)).reduce(
    (sum, { settings }) => sum + settings.storageGb,
    0,
  );

const quotas: readonly Quota[] = [
  { name: 'DBInstances', max: 40, used: countOf(instances) },
  { name: 'ReservedDBInstances', max: 40, used: () => 0 },
  { name: 'AllocatedStorage', max: 100_000, used: storage },
  { name: 'DBSecurityGroups', max: 25, used: () => 0 },
  { name: 'ManualSnapshots', max: 100, used: manual },
  { name: 'EventSubscriptions', max: 20, used: countOf(subscriptions) },
  { name: 'DBSubnetGroups', max: 150, used: countOf(subnetGroups) },
  { name: 'OptionGroups', max: 20, used: countOf(optionGroups) },
  { name: 'SubnetsPerDBSubnetGroup', max: 20, used: () => 0 },
  { name: 'DBParameterGroups', max: 50, used: countOf(parameterGroups) },
  { name: 'DBClusters', max: 40, used: countOf(clusters) },
  { name: 'DBClusterParameterGroups', max: 50, used: countOf(clusterParameterGroups) },
  { name: 'DBClusterRoles', max: 5, used: () => 0 },
  { name: 'ReadReplicasPerMaster', max: 15, used: () => 0 },
  { name: 'DBProxies', max: 20, used: countOf(proxies) },
];

const describeAccountAttributes = defineOperation<object, AccountAttributesMessage>({
  name: 'DescribeAccountAttributes',
  access: onAccount('DescribeAccountAttributes'),
  handle: (call) => ({
    AccountQuotas: quotas.map(
      ({ name, max, used }): AccountQuota => ({
        AccountQuotaName: name,
        Max: max,
        Used: used(call),
      }),
    ),
  }),
});

/** Names and ends as AWS has them; the thumbprint is that of no certificate here. */
const certificates: readonly (readonly [name: string, till: string])[] = [
  ['rds-ca-ecc384-g1', '2121-05-25T23:06:59Z'],
  ['rds-ca-rsa2048-g1', '2061-05-25T22:54:58Z'],
  ['rds-ca-rsa4096-g1', '2121-05-25T23:03:29Z'],
];

const describeCertificates = defineOperation<DescribeCertificatesMessage, CertificateMessage>({
  name: 'DescribeCertificates',
  access: onAccount('DescribeCertificates'),
  handle({ region }, input) {
    const all = certificates.map(
      ([name, till]): Certificate => ({
        CertificateIdentifier: name,
        CertificateType: 'CA',
        CertificateArn: `arn:aws:rds:${region}::cert:${name}`,
        ValidFrom: new Date('2021-05-25T00:00:00Z'),
        ValidTill: new Date(till),
        CustomerOverride: false,
      }),
    );
    const wanted = input.CertificateIdentifier;
    const fitting = all.filter(({ CertificateIdentifier }) => !wanted || CertificateIdentifier === wanted);
    if (wanted && fitting.length === 0) throw faults.noSuchCertificate(wanted);
    const page = pageOf(
      filtered(fitting, input.Filters, {}),
      ({ CertificateIdentifier = '' }) => CertificateIdentifier,
      input,
    );
    return {
      Certificates: page.items,
      Marker: page.Marker,
      DefaultCertificateForNewLaunches: 'rds-ca-rsa2048-g1',
    };
  },
});

const regions = [
  'ap-northeast-1',
  'ap-southeast-1',
  'eu-central-1',
  'eu-west-1',
  'us-east-1',
  'us-east-2',
  'us-west-2',
];

const describeSourceRegions = defineOperation<DescribeSourceRegionsMessage, SourceRegionMessage>({
  name: 'DescribeSourceRegions',
  access: onAccount('DescribeSourceRegions'),
  handle({ region }, { RegionName, Marker, MaxRecords }) {
    const all = regions.filter((name) => name !== region && (!RegionName || name === RegionName));
    const page = pageOf(all, (name) => name, { Marker, MaxRecords });
    return {
      SourceRegions: page.items.map((name) => ({
        RegionName: name,
        Endpoint: `https://rds.${name}.amazonaws.com`,
        Status: 'available',
        SupportsDBInstanceAutomatedBackupsReplication: false,
      })),
      Marker: page.Marker,
    };
  },
});

/** Nothing here is ever due for maintenance. */
const describePendingMaintenanceActions = defineOperation<
  DescribePendingMaintenanceActionsMessage,
  PendingMaintenanceActionsMessage
>({
  name: 'DescribePendingMaintenanceActions',
  access: {
    iam: ({ ResourceIdentifier }) => [
      { action: 'rds:DescribePendingMaintenanceActions', resource: ResourceIdentifier ?? '*' },
    ],
  },
  handle: () => ({ PendingMaintenanceActions: [] }),
});

const STORAGE_TYPES = ['gp2', 'gp3', 'io1'];

const describeValidDbInstanceModifications = defineOperation<
  DescribeValidDBInstanceModificationsMessage,
  DescribeValidDBInstanceModificationsResult
>({
  name: 'DescribeValidDBInstanceModifications',
  access: onNamed(
    'DescribeValidDBInstanceModifications',
    instances,
    ({ DBInstanceIdentifier }) => DBInstanceIdentifier,
  ),
  handle(call, input) {
    const { settings } = named(call.plane.store, instances, homeOf(call), input.DBInstanceIdentifier);
    return {
      ValidDBInstanceModificationsMessage: {
        Storage: STORAGE_TYPES.map((StorageType) => ({
          StorageType,
          StorageSize: [
            { From: Math.max(settings.storageGb, StorageType === 'io1' ? 100 : 20), To: 65_536, Step: 1 },
          ],
          SupportsStorageAutoscaling: true,
        })),
        ValidProcessorFeatures: [],
        SupportsDedicatedLogVolume: false,
      },
    };
  },
});

export const accountOperations: readonly AnyOperation[] = [
  describeAccountAttributes,
  describeCertificates,
  describeSourceRegions,
  describePendingMaintenanceActions,
  describeValidDbInstanceModifications,
];
