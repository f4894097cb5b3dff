// What pods and containers share: the node's services, and one pod's place on it.
import type { Clock, Logger, Random } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import type { ReferenceReader } from '../config/references.ts';
import type { ImageMap } from '../images/image-map.ts';
import type { Isolation } from '../isolation/isolation.ts';
import type { VolumeContext, VolumeKind } from '../volumes/volume.ts';
import type { PodEvents } from './pod-events.ts';

export interface NodeContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly isolation: Isolation;
  readonly images: ImageMap;
  readonly references: ReferenceReader;
  readonly events: PodEvents;
  readonly volumeKinds: readonly VolumeKind[];
  readonly volumeContext: Omit<VolumeContext, 'downward'>;
  /** Given to every container beneath the pod's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** PATH of every container. */
  readonly searchPath: string;
  readonly hostIp: string;
  readonly capacity: Readonly<Record<string, string>>;
  /** The node's /var/log. */
  readonly logRoot: string;
  /** One directory per pod uid. */
  readonly podRoot: string;
}

export interface PodContext {
  readonly node: NodeContext;
  readonly podIp: string;
  readonly directory: string;
  readonly logDirectory: string;
  /** Notes a link in /var/log/containers, to be removed with the pod. */
  addLogLink(path: string): void;
}
