// Parameter groups of instances and of clusters: what is kept of them.
import type { StoredResource } from '../state.ts';

export interface StoredParameterGroup extends StoredResource {
  readonly description: string;
  /** `postgres14` */
  readonly family: string;
  /** What was changed: name to value. */
  readonly values: Readonly<Record<string, string>>;
  /** How each change is applied, for those with `pending-reboot`. */
  readonly atReboot: readonly string[];
}
