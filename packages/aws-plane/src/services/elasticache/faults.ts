// Every error that ElastiCache answers here, worded as ElastiCache words it.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/CommonErrors.html and the errors of each operation.
import { AwsFault } from '../../fault.ts';

const badRequest = (code: string) => (message: string) => new AwsFault(code, 400, message);
const notFound = (code: string) => (message: string) => new AwsFault(code, 404, message);
const invalidValue = badRequest('InvalidParameterValue');

export const faults = {
  invalidValue,
  invalidCombination: badRequest('InvalidParameterCombination'),
  invalidArn: badRequest('InvalidARN'),
  invalidIdentifier: (parameter: string) =>
    invalidValue(
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ` +
        'ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.',
    ),
  noOperation: badRequest('NoOperationFault'),
  notImplemented: (what: string) => new AwsFault('NotImplemented', 501, `${what} is not implemented.`),
  /** This machine cannot run what was asked for. */
  noCapacity: badRequest('InsufficientCacheClusterCapacity'),

  noSuchCluster: (name: string) => notFound('CacheClusterNotFound')(`CacheCluster not found: ${name}`),
  clusterExists: () => badRequest('CacheClusterAlreadyExists')('Cache cluster already exists'),
  clusterState: badRequest('InvalidCacheClusterState'),
  clusterQuota: badRequest('ClusterQuotaForCustomerExceeded'),
  nodeQuota: badRequest('NodeQuotaForClusterExceeded'),

  noSuchGroup: (name: string) =>
    notFound('ReplicationGroupNotFoundFault')(`ReplicationGroup ${name} not found.`),
  groupExists: (name: string) =>
    badRequest('ReplicationGroupAlreadyExists')(
      `Replication group with specified id already exists: ${name}`,
    ),
  groupState: badRequest('InvalidReplicationGroupState'),
  noSuchNodeGroup: (id: string) => notFound('NodeGroupNotFoundFault')(`Node group ${id} not found.`),
  shardQuota: badRequest('NodeGroupsPerReplicationGroupQuotaExceeded'),

  noSuchServerless: (name: string) =>
    notFound('ServerlessCacheNotFoundFault')(`ServerlessCache ${name} not found`),
  serverlessExists: (name: string) =>
    badRequest('ServerlessCacheAlreadyExistsFault')(`Serverless Cache ${name} already exists`),
  serverlessState: badRequest('InvalidServerlessCacheStateFault'),
  noSuchServerlessSnapshot: (name: string) =>
    notFound('ServerlessCacheSnapshotNotFoundFault')(`ServerlessCacheSnapshot ${name} not found`),
  serverlessSnapshotExists: (name: string) =>
    badRequest('ServerlessCacheSnapshotAlreadyExistsFault')(
      `Serverless Cache Snapshot ${name} already exists`,
    ),
  serverlessSnapshotState: badRequest('InvalidServerlessCacheSnapshotStateFault'),

  noSuchParameterGroup: (name: string) =>
    notFound('CacheParameterGroupNotFound')(`CacheParameterGroup ${name} not found.`),
  parameterGroupExists: (name: string) =>
    badRequest('CacheParameterGroupAlreadyExists')(`Parameter group ${name} already exists`),
  parameterGroupState: badRequest('InvalidCacheParameterGroupState'),
  noSuchSubnetGroup: (name: string) =>
    new AwsFault('CacheSubnetGroupNotFoundFault', 400, `Cache Subnet Group ${name} does not exist.`),
  subnetGroupExists: (name: string) =>
    badRequest('CacheSubnetGroupAlreadyExists')(`Cache subnet group ${name} already exists.`),
  subnetGroupInUse: (name: string) =>
    badRequest('CacheSubnetGroupInUse')(`Cache subnet group ${name} is currently in use by a cache cluster.`),
  invalidSubnet: badRequest('InvalidSubnet'),
  noSecurityGroups: () =>
    invalidValue('Use of cache security groups is not permitted in this API version for your account.'),

  noSuchUser: (id: string) => notFound('UserNotFound')(`User ${id} not found.`),
  userExists: (id: string) => badRequest('UserAlreadyExists')(`User ${id} already exists.`),
  duplicateUserName: (name: string) =>
    badRequest('DuplicateUserName')(`User group contains more than one user with the user name ${name}.`),
  defaultUserRequired: () =>
    badRequest('DefaultUserRequired')('User group needs to contain a user with the user name default.'),
  userState: badRequest('InvalidUserState'),
  noSuchUserGroup: (id: string) => notFound('UserGroupNotFound')(`User group ${id} not found.`),
  userGroupExists: (id: string) => badRequest('UserGroupAlreadyExists')(`User group ${id} already exists.`),
  userGroupState: badRequest('InvalidUserGroupState'),

  noSuchSnapshot: (name: string) => notFound('SnapshotNotFoundFault')(`${name} not found`),
  snapshotExists: (name: string) =>
    badRequest('SnapshotAlreadyExistsFault')(`Snapshot with specified name already exists: ${name}`),
  snapshotState: badRequest('InvalidSnapshotState'),
  snapshotUnsupported: badRequest('SnapshotFeatureNotSupportedFault'),

  noSuchTag: (key: string) => notFound('TagNotFound')(`Tag not found: ${key}`),
  tagQuota: () => badRequest('TagQuotaPerResourceExceeded')('The resource has the maximum number of tags.'),
  noSuchServiceUpdate: (name: string) =>
    notFound('ServiceUpdateNotFoundFault')(`Service update ${name} not found.`),
  noSuchReservation: (id: string) =>
    notFound('ReservedCacheNodeNotFound')(`Reserved cache node ${id} not found.`),
  noSuchOffering: (id: string) =>
    notFound('ReservedCacheNodesOfferingNotFound')(`Reserved cache node offering ${id} not found.`),
};
