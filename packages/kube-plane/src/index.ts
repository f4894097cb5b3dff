// kube-plane: the Kubernetes and OpenShift API over a store. Start it with `startKubePlane`.
export type { AuditSink } from './audit/trail.ts';
export type { StaticToken } from './authn/authenticator.ts';
export type { ClusterFacts } from './contract.ts';
export { type KubePlane, type KubePlaneOptions, startKubePlane } from './plane.ts';
