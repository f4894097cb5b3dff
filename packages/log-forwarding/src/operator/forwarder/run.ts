// One run over one forwarder: what the steps share, and what they may do. The two kinds of forwarders differ in their
// specification and in how their status is written; everything from the configuration on is the same.
import type { KubeResource, ObjectRef, ResourceType } from '@pergola/kube-client';
import type { CollectorConfig, ForwarderIdentity } from '../../config/collector-config.ts';
import type { NewCondition } from '../conditions.ts';
import type { RestingMessages } from '../delivery/resting-messages.ts';
import type { CollectorNames } from '../names.ts';
import type { LogType } from '../permissions.ts';
import type { SecretReader } from '../resolve/credentials.ts';
import type { CollectorSpec, ForwarderSpec } from '../spec/forwarder-spec.ts';
import type { ClusterLoggingSpec, LegacyForwarderSpec } from '../spec/legacy-forwarder-spec.ts';
import type { Findings } from '../validate/findings.ts';

export interface ForwarderRun<Spec = unknown> {
  readonly forwarder: KubeResource;
  readonly identity: ForwarderIdentity;
  readonly spec: Spec;
  readonly names: CollectorNames;
  readonly nowMs: number;
  readonly image: string;
  /** Where collectors run; the steps may learn it from a ClusterLogging. */
  placement: CollectorSpec;
  /** What collectors write to their own log; default `info`. */
  logLevel?: string | undefined;
  /** The forwarder's conditions as this run will write them; absent types vanish from the status. */
  readonly conditions: NewCondition[];
  readonly findings: Findings;
  /** Set by the configuration step. */
  config: CollectorConfig | undefined;
  readonly messages: RestingMessages;
  /** What is in the cluster. */
  readonly cluster: ForwarderCluster;
  readonly actions: ForwarderActions;
}

export interface LegacyRun extends ForwarderRun<LegacyForwarderSpec> {
  /** The ClusterLogging beside the legacy forwarder. */
  readonly clusterLogging: ClusterLoggingSpec | undefined;
}

export type ObservabilityRun = ForwarderRun<ForwarderSpec>;

/** Reading the cluster. */
export interface ForwarderCluster {
  readonly hasSecret: (name: string) => boolean;
  readonly readSecret: SecretReader;
  readonly hasConfigMap: (name: string) => boolean;
  readonly readConfigMap: SecretReader;
  readonly hasServiceAccount: (name: string) => boolean;
  /** Whether the user may collect logs of the type. */
  readonly mayCollect: (user: string, type: LogType) => Promise<boolean>;
  /** The cluster's name with its suffix, e.g. `rosa-7xk2p`, or why it is not known. */
  readonly infrastructureName: () => Promise<{ readonly name: string } | { readonly error: string }>;
  readonly clusterId: () => Promise<string>;
  /** The ConfigMaps with the collectors' reports, and the collectors' pods. */
  readonly reports: () => readonly KubeResource[];
  readonly collectorPods: () => readonly KubeResource[];
}

/** Everything that leaves the process. */
export interface ForwarderActions {
  /** Creates the object, or changes what differs. Throws OwnershipError when it is somebody else's. */
  readonly ensure: (type: ResourceType, object: KubeResource) => Promise<void>;
  /** Deletes an object if it is there. */
  readonly remove: (type: ResourceType, ref: ObjectRef) => Promise<void>;
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}
