// Custom endpoints of clusters as they are kept.
import type { StoredResource } from '../state.ts';

export interface StoredClusterEndpoint extends StoredResource {
  /** `cluster-endpoint-…` */
  readonly resourceId: string;
  /** Resource id of the cluster: its name may change. */
  readonly clusterId: string;
  readonly type: string;
  /** Resource ids of instances. At most one of the two lists has any. */
  readonly only: readonly string[];
  readonly without: readonly string[];
}
