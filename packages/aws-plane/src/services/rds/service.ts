// RDS: its operations by noun. What each does not do stands in the README beside this file.
import type { ServiceDefinition } from '../../operation.ts';
import { absentOperations } from './absent.ts';
import { accountOperations } from './account.ts';
import { catalogueOperations } from './catalogue/catalogue-operations.ts';
import { clusterEndpointOperations } from './clusters/cluster-endpoint-operations.ts';
import { clusterPowerOperations } from './clusters/cluster-power.ts';
import { clusterRoleOperations } from './clusters/cluster-roles.ts';
import { createDbCluster } from './clusters/create-db-cluster.ts';
import { deleteDbCluster } from './clusters/delete-db-cluster.ts';
import { describeDbClusters } from './clusters/describe-db-clusters.ts';
import { modifyDbCluster } from './clusters/modify-db-cluster.ts';
import {
  restoreDbClusterFromSnapshot,
  restoreDbClusterToPointInTime,
} from './clusters/restore-db-cluster.ts';
import { eventOperations } from './events/event-operations.ts';
import { globalClusterOperations } from './globals/global-cluster-operations.ts';
import { associatedRoleOperations } from './instances/associated-roles.ts';
import { createDbInstance } from './instances/create-db-instance.ts';
import { deleteDbInstance } from './instances/delete-db-instance.ts';
import { describeDbInstances } from './instances/describe-db-instances.ts';
import { modifyDbInstance } from './instances/modify-db-instance.ts';
import { createDbInstanceReadReplica, promoteReadReplica } from './instances/read-replicas.ts';
import { rebootDbInstance, startDbInstance, stopDbInstance } from './instances/reboot-db-instance.ts';
import {
  restoreDbInstanceFromDbSnapshot,
  restoreDbInstanceToPointInTime,
} from './instances/restore-db-instance.ts';
import { subnetGroupOperations } from './networks/subnet-group-operations.ts';
import { optionGroupOperations } from './options/option-group-operations.ts';
import { parameterGroupOperations } from './parameters/group-operations.ts';
import { proxyOperations } from './proxies/proxy-operations.ts';
import { proxyTargetOperations } from './proxies/target-operations.ts';
import { startRds } from './runtime/rds-context.ts';
import { snapshotAttributeOperations } from './snapshots/snapshot-attributes.ts';
import { snapshotOperations } from './snapshots/snapshot-operations.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tag-operations.ts';

export const rds: ServiceDefinition = {
  name: 'rds',
  start: startRds,
  operations: [
    createDbInstance,
    describeDbInstances,
    modifyDbInstance,
    rebootDbInstance,
    stopDbInstance,
    startDbInstance,
    deleteDbInstance,
    createDbInstanceReadReplica,
    promoteReadReplica,
    restoreDbInstanceFromDbSnapshot,
    restoreDbInstanceToPointInTime,
    ...associatedRoleOperations,

    createDbCluster,
    describeDbClusters,
    modifyDbCluster,
    deleteDbCluster,
    ...clusterPowerOperations,
    ...clusterEndpointOperations,
    restoreDbClusterFromSnapshot,
    restoreDbClusterToPointInTime,
    ...clusterRoleOperations,
    ...globalClusterOperations,

    ...snapshotOperations,
    ...snapshotAttributeOperations,
    ...parameterGroupOperations,
    ...optionGroupOperations,
    ...subnetGroupOperations,
    ...proxyOperations,
    ...proxyTargetOperations,
    ...eventOperations,

    addTagsToResource,
    removeTagsFromResource,
    listTagsForResource,
    ...catalogueOperations,
    ...accountOperations,
    ...absentOperations,
  ],
};
