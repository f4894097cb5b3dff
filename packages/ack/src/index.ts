// ack: one controller for the custom resources of AWS Controllers for Kubernetes.
export { sharedDefinitions } from './crds/shared-definitions.ts';
export { type Imported, importResource, type ImportOptions } from './import/import-resource.ts';
export type * from './kind/kind.ts';
export { loadKinds, serviceNames } from './kinds/index.ts';
export { ackPackages, type OperatorPackage } from './operator/catalog/packages.ts';
export { startAckOperator } from './operator/operator-door.ts';
export type { AckOperator, AckOperatorOptions } from './operator/operator-options.ts';
export type { PlannedAction } from './plan/decision.ts';
export { type PlannedResource, type PlanOptions, planResources } from './plan/plan.ts';
export { controllerPolicy, type PolicyDocument, type PolicyStatement } from './policy/controller-policy.ts';
