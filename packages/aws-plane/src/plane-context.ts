// Everything that services are given. Built once by `startAwsPlane`.
import type { EngineHost } from '@pergola/engines';
import type { Clock, Disposal, Logger, Random } from '@pergola/kernel';
import type { Store } from '@pergola/store';
import type { Ports } from './ports.ts';

export interface PlaneContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly disposal: Disposal;
  /** Where services may keep files (S3 bodies). Mode 0700. */
  readonly dataDir: string;
  readonly defaultAccount: string;
  readonly defaultRegion: string;
  /** Aborted when the plane begins to stop: answers that have no end of their own end then. */
  readonly closing: AbortSignal;
  /** Database servers and caches. Absent: services answer that they cannot run any. */
  readonly engines: EngineHost | undefined;
  readonly ports: Ports;
}
