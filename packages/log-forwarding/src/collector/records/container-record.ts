// The record of a container's line, in the viaq model. Keys stand in alphabetical order, as the real collector's
// encoder writes them.
import type { Json, JsonObject } from '@pergola/kernel';
import type { ContainerMetadata } from '../metadata/container-metadata.ts';

export interface RecordContext {
  /** `openshift.cluster_id`. */
  readonly clusterId: string;
  readonly hostname: string;
}

/** What a line brings: its own values, or the placeholders of a template. */
export interface LineValues {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly sequence: Json;
  readonly stream: 'stdout' | 'stderr';
}

export type MutableRecord = { [key: string]: Json | MutableRecord };

/** The whole record; a new object, which filters may change. */
export function containerRecord(
  context: RecordContext,
  metadata: ContainerMetadata,
  line: LineValues,
): MutableRecord {
  return {
    '@timestamp': line.time,
    hostname: context.hostname,
    kubernetes: kubernetesOf(metadata, line.stream),
    level: line.level,
    log_source: 'container',
    log_type: metadata.logType,
    message: line.message,
    openshift: { cluster_id: context.clusterId, sequence: line.sequence },
    timestamp: line.time,
  };
}

function kubernetesOf(metadata: ContainerMetadata, stream: string): MutableRecord {
  const { pod } = metadata;
  const fields: [string, Json | undefined][] = [
    ['annotations', pod?.annotations],
    ['container_id', metadata.containerId],
    ['container_image', metadata.image],
    ['container_iostream', stream],
    ['container_name', metadata.container],
    ['labels', pod?.labels && dedotted(pod.labels)],
    ['namespace_id', metadata.namespaceUid],
    ['namespace_labels', metadata.namespaceLabels && dedotted(metadata.namespaceLabels)],
    ['namespace_name', metadata.namespace],
    ['pod_id', metadata.podUid],
    ['pod_ip', pod?.ip],
    ['pod_name', metadata.podName],
    ['pod_owner', pod?.owner],
  ];
  const known: MutableRecord = {};
  for (const [name, value] of fields) if (value !== undefined) known[name] = structuredClone(value);
  return known;
}

/** Keys as Elasticsearch took them: `.` and `/` are `_`. */
export function dedotted(labels: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [key.replaceAll(/[./]/g, '_'), value]),
  );
}
