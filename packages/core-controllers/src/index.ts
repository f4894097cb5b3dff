// core-controllers: what turns wishes in a cluster into pods: workloads, scheduling, namespaces, garbage.
export { type CoreControllersOptions, startCoreControllers } from './start-core-controllers.ts';
export type { OperatorBundle, OperatorPackage } from './olm/catalog.ts';
