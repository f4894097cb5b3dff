// What the objects of a forwarder's collectors are called.
import type { ForwarderIdentity } from '../config/collector-config.ts';

export const loggingNamespace = 'openshift-logging';
export const instanceName = 'instance';
/** The ServiceAccount of the legacy forwarder, which trust policies of logging 5 name. */
export const legacyServiceAccount = 'logcollector';
export const legacyCollector = 'collector';
/** Who writes the collectors' objects. */
export const operatorName = 'cluster-logging-operator';
export const metadataReader = 'metadata-reader';

export interface CollectorNames {
  readonly namespace: string;
  /** The DaemonSet, and the beginning of every other name. */
  readonly collector: string;
  readonly configSecret: string;
  readonly metricsService: string;
  readonly serviceAccount: string;
  /** A Role and its binding: reporting, and what OpenShift lets the pods do. */
  readonly role: string;
  readonly metadataBinding: string;
  readonly collectBinding: string;
}

/** The one forwarder of logging 5 that runs as `logcollector` and is led by a ClusterLogging. */
export function isLegacyInstance({ apiVersion, namespace, name }: ForwarderIdentity): boolean {
  return apiVersion === 'logging.openshift.io/v1' && namespace === loggingNamespace && name === instanceName;
}

export function collectorNames(forwarder: ForwarderIdentity, serviceAccount: string): CollectorNames {
  const { namespace, name } = forwarder;
  const collector = isLegacyInstance(forwarder) ? legacyCollector : name;
  return {
    namespace,
    collector,
    configSecret: `${collector}-config`,
    metricsService: collector,
    serviceAccount: isLegacyInstance(forwarder) ? legacyServiceAccount : serviceAccount,
    role: `${collector}-collector`,
    metadataBinding: `cluster-logging-${namespace}-${collector}-metadata-reader`,
    collectBinding: `cluster-logging-${namespace}-${collector}-collect-logs`,
  };
}

/** By these labels the operator finds its own objects. */
export const ownedLabels = { 'app.kubernetes.io/managed-by': operatorName } as const;

/** Cluster-wide objects cannot have a namespaced owner: this annotation says whose they are. */
export const forwarderAnnotation = 'pergola.dev/forwarder';

/** The value of `forwarderAnnotation`: API version, namespace and name. */
export function forwarderMark({ apiVersion, namespace, name }: ForwarderIdentity): string {
  return `${apiVersion} ${namespace}/${name}`;
}

export const reportLabel = 'pergola.dev/delivery-report';
