// What a ClusterLogging says of collectors, its deprecated fields included.
import type { CollectorSpec } from '../spec/forwarder-spec.ts';
import type { ClusterLoggingSpec } from '../spec/legacy-forwarder-spec.ts';
import type { Scheduling } from '../spec/shared-spec.ts';

export interface Placement {
  readonly type: string;
  readonly placement: CollectorSpec;
  /** The original's words for what is wrong. */
  readonly problem?: string | undefined;
}

const collectorTypes = ['fluentd', 'vector'];

/** `collection.logs` is older than `collection` and, where given, wins over it, as in the original's migration. */
export function placementOf({ collection }: ClusterLoggingSpec): Placement {
  const { logs, ...newer } = collection ?? {};
  const older = logs?.fluentd ?? {};
  const type = logs?.type ?? newer.type ?? 'vector';
  return {
    type,
    placement: { ...given(newer), ...given(older) },
    problem: collectorTypes.includes(type)
      ? undefined
      : `Collector implementation is not supported: ${JSON.stringify(type)}`,
  };
}

function given({ resources, nodeSelector, tolerations }: Scheduling): Scheduling {
  return {
    ...(resources ? { resources } : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerations ? { tolerations } : {}),
  };
}
