// log-forwarding: the ClusterLogForwarder operator, and the collector that it runs on every node.
export { startCollector } from './collector/collector-door.ts';
export { type CollectorOptions, collectorOptionsFrom } from './collector/collector-options.ts';
export { ConfigError } from './collector/config-file.ts';
export { type LogPaths, type LogRoots, logPathsIn, logPathsOf } from './collector/log-paths.ts';
export type { Collector } from './collector/start-collector.ts';
export type * from './config/collector-config.ts';
export {
  collectorMetricsPort,
  collectorNodeOptions,
  collectorPaths,
  collectorVariables,
} from './config/collector-places.ts';
export type * from './config/delivery-report.ts';
export { type Conversion, type ConversionContext, ConversionError } from './convert/conversion.ts';
export { convertForwarder } from './convert/convert-forwarder.ts';
export { loggingPackage, type OperatorPackage } from './operator/catalog.ts';
export { loggingCrds } from './operator/crds/index.ts';
export { startLoggingOperator } from './operator/operator-door.ts';
export { pergolaImage } from './operator/service-version.ts';
export type { LoggingOperatorOptions } from './operator/start-logging-operator.ts';
