// The resource types that the operator speaks of beyond Kubernetes' own, by their REST names.
import type { ResourceType } from '@pergola/kube-client';

const logging = { group: 'logging.openshift.io', version: 'v1', namespaced: true } as const;
const observability = { group: 'observability.openshift.io', version: 'v1', namespaced: true } as const;

export const customResources = {
  /** The forwarder of logging 5. */
  legacyForwarders: { ...logging, plural: 'clusterlogforwarders', kind: 'ClusterLogForwarder' },
  clusterLoggings: { ...logging, plural: 'clusterloggings', kind: 'ClusterLogging' },
  /** The forwarder of logging 6. */
  forwarders: { ...observability, plural: 'clusterlogforwarders', kind: 'ClusterLogForwarder' },
  clusterVersions: {
    group: 'config.openshift.io',
    version: 'v1',
    plural: 'clusterversions',
    kind: 'ClusterVersion',
    namespaced: false,
  },
  subjectAccessReviews: {
    group: 'authorization.k8s.io',
    version: 'v1',
    plural: 'subjectaccessreviews',
    kind: 'SubjectAccessReview',
    namespaced: false,
  },
} as const satisfies Record<string, ResourceType>;
