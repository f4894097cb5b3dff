// The kinds of the Operator Lifecycle Manager as our clients name them, and what they hold as far as it is read here.
import type { KubeResource, ResourceType } from '@pergola/kube-client';

export const olmGroup = 'operators.coreos.com';

const kind = (version: string, plural: string, name: string, group = olmGroup): ResourceType =>
  Object.freeze({ group, version, plural, kind: name, namespaced: true });

export const olmTypes = {
  subscriptions: kind('v1alpha1', 'subscriptions', 'Subscription'),
  installPlans: kind('v1alpha1', 'installplans', 'InstallPlan'),
  clusterServiceVersions: kind('v1alpha1', 'clusterserviceversions', 'ClusterServiceVersion'),
  catalogSources: kind('v1alpha1', 'catalogsources', 'CatalogSource'),
  operatorGroups: kind('v1', 'operatorgroups', 'OperatorGroup'),
  packageManifests: kind('v1', 'packagemanifests', 'PackageManifest', 'packages.operators.coreos.com'),
} as const;

/** A rule for a ServiceAccount of the operator, as the CSV's install strategy lists it. */
export interface StrategyPermission {
  readonly serviceAccountName: string;
  readonly rules: readonly object[];
}

/** The parts of a ClusterServiceVersion that installing it needs. */
export interface CsvSpec {
  readonly displayName?: string;
  readonly version?: string;
  readonly replaces?: string;
  readonly skips?: readonly string[];
  readonly installModes?: readonly { readonly type: string; readonly supported: boolean }[];
  readonly customresourcedefinitions?: {
    readonly owned?: readonly OwnedCrd[];
    readonly required?: readonly OwnedCrd[];
  };
  readonly install?: {
    readonly strategy?: string;
    readonly spec?: {
      readonly permissions?: readonly StrategyPermission[];
      readonly clusterPermissions?: readonly StrategyPermission[];
      readonly deployments?: readonly StrategyDeployment[];
    };
  };
}

export interface OwnedCrd {
  readonly name: string;
  readonly version: string;
  readonly kind: string;
}

export interface StrategyDeployment {
  readonly name: string;
  readonly label?: Readonly<Record<string, string>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- a DeploymentSpec, which the API server checks.
  readonly spec: Record<string, any>;
}

export function csvSpecOf(csv: object): CsvSpec {
  return (csv as { spec?: CsvSpec }).spec ?? {};
}

export function nameOf(object: object): string {
  return (object as KubeResource).metadata.name;
}
