// What every controller of the operator is handed.
import type { EventRecorder } from '@pergola/controller-kit';
import type { Clock, Logger, Random } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';

export interface OperatorContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly recorder: EventRecorder;
  /** The image of collectors. */
  readonly collectorImage: string;
  /** The namespaces that are looked at; `[undefined]` is all of them. */
  readonly namespaces: readonly (string | undefined)[];
}
