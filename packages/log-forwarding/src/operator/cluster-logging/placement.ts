// What a ClusterLogging says of collectors, its deprecated fields included.
import type { CollectorSpec } from '../spec/forwarder-spec.ts';
import type { ClusterLoggingSpec } from '../spec/legacy-forwarder-spec.ts';

export interface Placement {
  readonly type: string;
  readonly placement: CollectorSpec;
  /** The original's words for what is wrong. */
  readonly problem?: string | undefined;
}

const collectorTypes = ['fluentd', 'vector'];

/** `collection.logs` is older than `collection` and, where given, wins over it, as in the original's migration. */
export function placementOf({ collection }: ClusterLoggingSpec): Placement {
  const { logs } = collection ?? {};
  const older = logs?.fluentd ?? {};
  const type = logs?.type ?? collection?.type ?? 'vector';
  return {
    type,
    placement: {
      resources: older.resources ?? collection?.resources ?? null,
      nodeSelector: older.nodeSelector ?? collection?.nodeSelector ?? null,
      tolerations: older.tolerations ?? collection?.tolerations ?? null,
    },
    problem: collectorTypes.includes(type)
      ? undefined
      : `Collector implementation is not supported: ${JSON.stringify(type)}`,
  };
}
