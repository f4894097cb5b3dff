// log-forwarding: the ClusterLogForwarder operator, and the collector that it runs on every node.
export type * from './config/collector-config.ts';
export type * from './config/delivery-report.ts';
export { loggingPackage, type OperatorPackage } from './operator/catalog.ts';
export { loggingCrds } from './operator/crds/index.ts';
