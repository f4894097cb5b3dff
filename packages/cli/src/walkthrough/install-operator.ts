// An operator from its Subscription to served custom resources: what a person does in the console or with `oc apply`.
import { type KubeClient, type KubeResource, type ResourceType, resourceTypes } from '@pergola/kube-client';
import { apply } from './apply.ts';
import { conditionOf } from './condition.ts';
import { until } from './until.ts';

const subscriptions: ResourceType = {
  group: 'operators.coreos.com',
  version: 'v1alpha1',
  plural: 'subscriptions',
  kind: 'Subscription',
  namespaced: true,
};
const serviceVersions: ResourceType = {
  ...subscriptions,
  plural: 'clusterserviceversions',
  kind: 'ClusterServiceVersion',
};

export interface WantedOperator {
  /** Also the name of the Subscription. */
  readonly packageName: string;
  readonly namespace: string;
  readonly channel: string;
  /** Variables of the operator's containers. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Names of definitions that must be served in the end. */
  readonly definitions: readonly string[];
}

/** Resolves with the name of the ClusterServiceVersion when it has succeeded and its definitions are served. */
export async function installOperator(kube: KubeClient, operator: WantedOperator): Promise<string> {
  const { packageName, namespace, channel, variables = {}, definitions } = operator;
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  await apply(kube, subscriptions, {
    metadata: {
      name: packageName,
      namespace,
      labels: { [`operators.coreos.com/${packageName}.${namespace}`]: '' },
    },
    spec: {
      channel,
      installPlanApproval: 'Automatic',
      name: packageName,
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
      ...(env.length > 0 ? { config: { env } } : {}),
    },
  });
  const version = await until({ what: 'the operator is not installed' }, () =>
    installedVersion(kube, { name: packageName, namespace }),
  );
  await until({ what: 'custom resources are not served' }, async () => {
    const found = await Promise.all(
      definitions.map((name) => kube.find(resourceTypes.customresourcedefinitions, { name })),
    );
    const missing = definitions.filter((_, index) => !isEstablished(found[index]));
    return missing.length === 0 ? found : `not established: ${missing.join(', ')}`;
  });
  return version.metadata.name;
}

/** The installed version once it has succeeded, else how far it is. */
async function installedVersion(
  kube: KubeClient,
  subscription: { readonly name: string; readonly namespace: string },
): Promise<KubeResource | string> {
  const { status = {} } = await kube.get(subscriptions, subscription);
  const { installedCSV, currentCSV, state = 'new' } = status;
  const name: string | undefined = installedCSV ?? currentCSV;
  if (name === undefined) return `the Subscription is ${state}`;
  const found = await kube.find(serviceVersions, { name, namespace: subscription.namespace });
  const { phase = 'unknown', message = '' } = found?.['status'] ?? {};
  return found && phase === 'Succeeded' ? found : `${name} is ${phase} ${message}`;
}

function isEstablished(definition: KubeResource | undefined): boolean {
  return definition !== undefined && conditionOf(definition, 'Established')?.status === 'True';
}
