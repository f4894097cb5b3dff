// What a volume kind does: prepare a directory on the node, and refresh it later when its source changes.
import type { Clock, Random } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import type { DownwardContext } from '../config/downward.ts';
import type { ReferenceReader } from '../config/references.ts';
import type { Pod, Volume } from '../pod.ts';

/** A path of the host that stands for a directory of the node's own. */
export interface NodePath {
  /** `/var/log` */
  readonly shown: string;
  /** Where it is. */
  readonly directory: string;
  /** `keeps`: each path below is a directory of its own, made when first asked for, that pods may write to. */
  readonly access: 'shows' | 'keeps';
}

export interface VolumeContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly references: Pick<ReferenceReader, 'read'>;
  readonly downward: DownwardContext;
  /** What this node has of its own where others have the host's. */
  readonly nodePaths: readonly NodePath[];
  /** Host directories that no pod may mount. */
  readonly hidden: readonly string[];
}

/** A prepared volume. */
export interface PreparedVolume {
  /** The directory (or, for a hostPath, the file) that stands for the volume. */
  readonly path: string;
  /** Mounted read-only whatever the mount says. */
  readonly readOnly: boolean;
}

/** The volume cannot be set up now. The message is the kubelet's; the pod waits and tries again. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
}

export interface VolumeSetup {
  readonly pod: Pod;
  readonly volume: Volume;
  /** The directory that this volume may use. */
  readonly directory: string;
}

export interface VolumeKind {
  /** The field of `spec.volumes[]` that selects this kind. */
  readonly field: string;
  prepare(setup: VolumeSetup, context: VolumeContext): Promise<PreparedVolume>;
  /** True when `prepare` is to be called again from time to time, to bring news. */
  readonly refreshes: boolean;
}
