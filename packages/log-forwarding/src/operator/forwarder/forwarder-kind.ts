// The two kinds of forwarders: where they lie, and how a run begins.
import type { ResourceType } from '@pergola/kube-client';
import type { ForwarderIdentity } from '../../config/collector-config.ts';
import { customResources } from '../custom-resources.ts';
import { collectorNames, isLegacyInstance } from '../names.ts';
import type { ClusterLoggingSpec, LegacyForwarderSpec } from '../spec/legacy-forwarder-spec.ts';
import type { ForwarderSpec } from '../spec/forwarder-spec.ts';
import type { ForwarderRun, LegacyRun, ObservabilityRun } from './run.ts';
import type { Sources } from './sources.ts';

export interface ForwarderKind<Run extends ForwarderRun> {
  readonly apiVersion: ForwarderIdentity['apiVersion'];
  readonly type: ResourceType;
  readonly controllerName: string;
  /** A ClusterLogging leads the forwarder of the same name. */
  readonly followsClusterLogging: boolean;
  readonly runOf: (base: Omit<ForwarderRun, 'spec' | 'names'>, sources: Sources) => Run;
  /** Then nothing is touched, the status included. */
  readonly isUnmanaged: (run: Run) => boolean;
}

export const legacyKind: ForwarderKind<LegacyRun> = {
  apiVersion: 'logging.openshift.io/v1',
  type: customResources.legacyForwarders,
  controllerName: 'legacy-forwarder',
  followsClusterLogging: true,
  runOf(base, { clusterLoggings }) {
    const { identity, forwarder } = base;
    const spec: LegacyForwarderSpec = forwarder['spec'] ?? {};
    const clusterLogging: ClusterLoggingSpec | undefined = isLegacyInstance(identity)
      ? clusterLoggings.get(identity)?.['spec']
      : undefined;
    return { ...base, spec, names: collectorNames(identity, spec.serviceAccountName ?? ''), clusterLogging };
  },
  isUnmanaged: ({ clusterLogging }) => clusterLogging?.managementState === 'Unmanaged',
};

export const observabilityKind: ForwarderKind<ObservabilityRun> = {
  apiVersion: 'observability.openshift.io/v1',
  type: customResources.forwarders,
  controllerName: 'forwarder',
  followsClusterLogging: false,
  runOf(base) {
    const { identity, forwarder } = base;
    const spec: ForwarderSpec = forwarder['spec'] ?? {};
    const names = collectorNames(identity, spec.serviceAccount?.name ?? '');
    return { ...base, spec, names, placement: spec.collector ?? {} };
  },
  // Its status says that it is unmanaged, which a step does.
  isUnmanaged: () => false,
};
