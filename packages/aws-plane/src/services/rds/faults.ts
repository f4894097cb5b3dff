// Every error that RDS answers here, worded as RDS words it.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html and the errors of each operation.
import { AwsFault } from '../../fault.ts';

const badRequest = (code: string) => (message: string) => new AwsFault(code, 400, message);
const notFound = (code: string) => (message: string) => new AwsFault(code, 404, message);

const invalidValue = badRequest('InvalidParameterValue');
const invalidCombination = badRequest('InvalidParameterCombination');

export const faults = {
  invalidValue,
  invalidCombination,
  missing: (name: string) =>
    new AwsFault('MissingParameter', 400, `The request must contain the parameter ${name}`),
  validation: badRequest('ValidationError'),

  // Instances.
  noSuchInstance: (name: string) => notFound('DBInstanceNotFound')(`DBInstance ${name} not found.`),
  instanceExists: () => badRequest('DBInstanceAlreadyExists')('DB instance already exists'),
  instanceState: badRequest('InvalidDBInstanceState'),
  notAvailable: (name: string) =>
    badRequest('InvalidDBInstanceState')(`Database instance is not in available state: ${name}`),
  instanceProtected: () =>
    invalidCombination(
      'Cannot delete protected DB Instance, please disable deletion protection and try again.',
    ),
  instanceQuota: () =>
    badRequest('InstanceQuotaExceeded')('Cannot create more than 40 DB instances in this region.'),

  // Clusters.
  noSuchCluster: (name: string) => notFound('DBClusterNotFoundFault')(`DBCluster ${name} not found.`),
  clusterExists: () => badRequest('DBClusterAlreadyExistsFault')('DB Cluster already exists'),
  clusterState: badRequest('InvalidDBClusterStateFault'),
  clusterProtected: () =>
    invalidCombination('Cannot delete protected Cluster, please disable deletion protection and try again.'),
  clusterQuota: () =>
    new AwsFault(
      'DBClusterQuotaExceededFault',
      403,
      'Cannot create more than 40 DB clusters in this region.',
    ),

  noSuchClusterEndpoint: (name: string) =>
    badRequest('DBClusterEndpointNotFoundFault')(`DBClusterEndpoint ${name} not found.`),
  clusterEndpointExists: (name: string) =>
    badRequest('DBClusterEndpointAlreadyExistsFault')(`DB cluster endpoint already exists: ${name}`),
  clusterEndpointQuota: () =>
    new AwsFault(
      'DBClusterEndpointQuotaExceededFault',
      403,
      'Cannot create more than 5 custom endpoints for this DB cluster.',
    ),

  // Groups.
  noSuchParameterGroup: (name: string) =>
    notFound('DBParameterGroupNotFound')(`DBParameterGroup not found: ${name}`),
  noSuchClusterParameterGroup: (name: string) =>
    notFound('DBParameterGroupNotFound')(`DBClusterParameterGroup not found: ${name}`),
  parameterGroupExists: (name: string) =>
    badRequest('DBParameterGroupAlreadyExists')(`Parameter group ${name} already exists`),
  parameterGroupState: badRequest('InvalidDBParameterGroupState'),
  parameterGroupQuota: () =>
    badRequest('DBParameterGroupQuotaExceeded')(
      'Cannot create more than 50 parameter groups in this region.',
    ),
  noSuchSubnetGroup: (name: string) =>
    notFound('DBSubnetGroupNotFoundFault')(`DB subnet group '${name}' does not exist.`),
  subnetGroupExists: (name: string) =>
    badRequest('DBSubnetGroupAlreadyExists')(`The DB subnet group '${name}' already exists.`),
  subnetGroupState: badRequest('InvalidDBSubnetGroupStateFault'),
  subnetGroupQuota: () =>
    badRequest('DBSubnetGroupQuotaExceeded')('Cannot create more than 150 DB subnet groups in this region.'),
  subnetQuota: () => badRequest('DBSubnetQuotaExceededFault')('A DB subnet group has at most 20 subnets.'),
  tooFewZones: badRequest('DBSubnetGroupDoesNotCoverEnoughAZs'),
  invalidSubnet: badRequest('InvalidSubnet'),
  noSuchOptionGroup: (name: string) =>
    notFound('OptionGroupNotFoundFault')(`Specified OptionGroupName: ${name} not found.`),
  optionGroupExists: (name: string) =>
    badRequest('OptionGroupAlreadyExistsFault')(`An option group named ${name} already exists.`),
  optionGroupState: badRequest('InvalidOptionGroupStateFault'),
  optionGroupQuota: () =>
    badRequest('OptionGroupQuotaExceededFault')('Cannot create more than 20 option groups in this region.'),

  // Snapshots.
  noSuchSnapshot: (name: string) => notFound('DBSnapshotNotFound')(`DBSnapshot ${name} not found.`),
  snapshotExists: (name: string) =>
    badRequest('DBSnapshotAlreadyExists')(
      `Cannot create the snapshot because a snapshot with the identifier ${name} already exists.`,
    ),
  snapshotState: badRequest('InvalidDBSnapshotState'),
  snapshotQuota: () =>
    badRequest('SnapshotQuotaExceeded')('Cannot create more than 100 manual snapshots in this region.'),
  noSuchClusterSnapshot: (name: string) =>
    notFound('DBClusterSnapshotNotFoundFault')(`DBClusterSnapshot not found: ${name}`),
  clusterSnapshotExists: (name: string) =>
    badRequest('DBClusterSnapshotAlreadyExistsFault')(
      `Cannot create the cluster snapshot because a cluster snapshot with the identifier ${name} already exists.`,
    ),
  clusterSnapshotState: badRequest('InvalidDBClusterSnapshotStateFault'),

  // The rest.
  noSuchProxy: (name: string) => notFound('DBProxyNotFoundFault')(`DB proxy ${name} not found`),
  proxyExists: (name: string) =>
    badRequest('DBProxyAlreadyExistsFault')(`A DB proxy with the name ${name} already exists`),
  noSuchTargetGroup: (name: string) =>
    notFound('DBProxyTargetGroupNotFoundFault')(`DB proxy target group ${name} not found`),
  noSuchTarget: (name: string) => notFound('DBProxyTargetNotFoundFault')(`DB proxy target ${name} not found`),
  targetRegistered: (name: string) =>
    badRequest('DBProxyTargetAlreadyRegisteredFault')(
      `The target ${name} is already registered to this DB proxy`,
    ),
  noSuchGlobalCluster: (name: string) =>
    notFound('GlobalClusterNotFoundFault')(`Global cluster ${name} not found`),
  globalClusterExists: (name: string) =>
    badRequest('GlobalClusterAlreadyExistsFault')(`The global cluster ${name} already exists.`),
  globalClusterState: badRequest('InvalidGlobalClusterStateFault'),
  noSuchSubscription: (name: string) =>
    notFound('SubscriptionNotFound')(`Event subscription ${name} not found.`),
  subscriptionExists: (name: string) =>
    badRequest('SubscriptionAlreadyExist')(`Event subscription ${name} already exists.`),
  noSuchSource: (name: string) => notFound('SourceNotFound')(`The requested source ${name} was not found.`),
  noSuchCategory: (name: string) =>
    notFound('SubscriptionCategoryNotFound')(`The supplied event category ${name} does not exist.`),
  invalidTopic: () =>
    badRequest('SNSInvalidTopic')('SNS has responded that there is a problem with the SNS topic specified.'),
  noSuchCertificate: (name: string) => notFound('CertificateNotFound')(`Certificate not found: ${name}`),
  noSuchResource: notFound('ResourceNotFoundFault'),
  roleNotFound: (role: string, name: string) =>
    notFound('DBInstanceRoleNotFound')(`The role ${role} is not associated with the DB instance ${name}.`),

  // What this endpoint does not do, although AWS does.
  notImplemented: (what: string) =>
    new AwsFault('NotImplemented', 501, `${what} is not implemented by this endpoint.`),
} as const;
