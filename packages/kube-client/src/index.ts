// kube-client: REST, patch, watch and informers for any Kubernetes API server.
export * from './client.ts';
export { createInformer, type Informer, type InformerOptions } from './informer.ts';
export { createKubeClient } from './rest-client.ts';
export { apiVersionOf, resourceTypes } from './resource-types.ts';
export { hasCode } from './status-error.ts';
export { clientInCluster, namespaceInCluster } from './in-cluster.ts';
export { clientFromKubeconfig, KubeconfigError, readKubeconfig } from './kubeconfig.ts';
export {
  type LabelRequirement,
  type LabelSelector,
  labelsMatch,
  requirementHolds,
  selectorMatches,
} from './label-selector.ts';
export { parseQuantity } from './quantity.ts';
export { type Indexer, keyOf } from './object-cache.ts';
