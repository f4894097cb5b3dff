// Tables: what `kubectl get` shows, worked out by the server.
import type { KubeObject } from '../object.ts';
import type { KindTable } from './column.ts';
import * as core from './core-tables.ts';
import { customTable, type PrinterColumn } from './custom-table.ts';
import * as others from './other-tables.ts';
import { podTable } from './pod-table.ts';
import * as workloads from './workload-tables.ts';

/** What a table must know of a resource. */
export interface TableSubject {
  readonly group: string;
  readonly kind: string;
  /** True for kinds of a CRD. */
  readonly custom?: boolean;
  /** Printer columns; they win over the built-in ones. */
  readonly columns?: readonly PrinterColumn[] | undefined;
}

export interface TableRequest {
  readonly nowMs: number;
  /** What each row carries of its object: nothing, its metadata (the default of clients) or all of it. */
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

/** A meta.k8s.io/v1 Table; the caller fills in `metadata` (resourceVersion, continue). */
export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly columnDefinitions: KindTable['columns'];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** `group/Kind` to its columns. A kind that is not here shows its name and when it was created. */
const tables: Readonly<Record<string, KindTable>> = {
  '/Pod': podTable,
  '/Namespace': core.namespaceTable,
  '/ServiceAccount': core.serviceAccountTable,
  '/Secret': core.secretTable,
  '/ConfigMap': core.configMapTable,
  '/Event': core.eventTable,
  '/Node': core.nodeTable,
  '/Service': core.serviceTable,
  '/Endpoints': core.endpointsTable,
  '/PersistentVolumeClaim': core.persistentVolumeClaimTable,
  '/ResourceQuota': core.resourceQuotaTable,
  '/ReplicationController': workloads.replicaSetTable,
  'apps/Deployment': workloads.deploymentTable,
  'apps/ReplicaSet': workloads.replicaSetTable,
  'apps/StatefulSet': workloads.statefulSetTable,
  'apps/DaemonSet': workloads.daemonSetTable,
  'apps/ControllerRevision': workloads.controllerRevisionTable,
  'batch/Job': workloads.jobTable,
  'batch/CronJob': workloads.cronJobTable,
  'events.k8s.io/Event': core.eventTable,
  'rbac.authorization.k8s.io/RoleBinding': others.roleBindingTable,
  'rbac.authorization.k8s.io/ClusterRoleBinding': others.roleBindingTable,
  'coordination.k8s.io/Lease': others.leaseTable,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': others.webhookConfigurationTable,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': others.webhookConfigurationTable,
  'policy/PodDisruptionBudget': others.podDisruptionBudgetTable,
  'networking.k8s.io/NetworkPolicy': others.networkPolicyTable,
  'discovery.k8s.io/EndpointSlice': others.endpointSliceTable,
  'project.openshift.io/Project': others.projectTable,
};

/** The table of `objects`, one row each, in order. */
export function tableFor(
  subject: TableSubject,
  objects: readonly KubeObject[],
  request: TableRequest,
): Table {
  const { columns, cells } = kindTable(subject);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: columns,
    rows: objects.map((object) => ({
      cells: cells(object, request.nowMs),
      ...rowObject(object, request.includeObject),
    })),
  };
}

function kindTable({ group, kind, custom, columns }: TableSubject): KindTable {
  if (custom || columns) return customTable(columns ?? []);
  return tables[`${group}/${kind}`] ?? others.plainTable;
}

function rowObject(object: KubeObject, include: TableRequest['includeObject']): { object?: unknown } {
  if (include === 'None') return {};
  if (include === 'Object') return { object };
  const { metadata } = object;
  return { object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata } };
}
