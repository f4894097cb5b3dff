// What every controller of this package is handed.
import type { Clock, Logger, Random } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import type { EventRecorder, SharedInformers } from '@pergola/controller-kit';

export interface ControllerContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly informers: SharedInformers;
  /** A recorder whose events come from `component`. */
  readonly recorderFor: (component: string) => EventRecorder;
}
