// Global clusters as they are kept.
import type { StoredResource } from '../state.ts';

export interface StoredGlobalCluster extends StoredResource {
  /** `cluster-…` */
  readonly resourceId: string;
  readonly engine: string;
  readonly version: string;
  readonly database?: string | undefined;
  readonly encrypted: boolean;
  readonly deletionProtection: boolean;
  /** ARNs of its clusters; the first is the writer. */
  readonly members: readonly string[];
  readonly createdAt: string;
}
