// ack: one controller for the custom resources of AWS Controllers for Kubernetes.
export type * from './kind/kind.ts';
export { loadKinds, serviceNames } from './kinds/index.ts';
