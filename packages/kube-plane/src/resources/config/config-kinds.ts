// config.openshift.io: the cluster's facts, one object of each kind.
import { defineResource } from '../define.ts';

const config = {
  group: 'config.openshift.io',
  version: 'v1',
  namespaced: false,
  hasStatus: true,
  hasGeneration: true,
} as const;

export const infrastructures = defineResource({
  ...config,
  kind: 'Infrastructure',
  plural: 'infrastructures',
});
export const authentications = defineResource({
  ...config,
  kind: 'Authentication',
  plural: 'authentications',
});
export const clusterVersions = defineResource({
  ...config,
  kind: 'ClusterVersion',
  plural: 'clusterversions',
});
