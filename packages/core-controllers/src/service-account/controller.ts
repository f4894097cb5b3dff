// Gives every namespace its ServiceAccounts and CA bundles, and gives them back when somebody deletes or edits them.
import { jsonEqual } from '@pergola/kernel';
import { type Controller, startController, type Watch, watchSelf } from '@pergola/controller-kit';
import {
  hasCode,
  type Informer,
  type KubeResource,
  type ResourceType,
  resourceTypes,
} from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import {
  accountNames,
  type CaBundles,
  caConfigMaps,
  rootCaName,
  serviceAccount,
  serviceCaName,
} from './wanted.ts';

const { configmaps, namespaces, serviceaccounts } = resourceTypes;

export function startServiceAccountController(context: ControllerContext, bundles: CaBundles): Controller {
  const { client, clock, logger, informers } = context;
  const spaces = informers.of(namespaces);
  const accounts = informers.of(serviceaccounts);
  const configMaps = informers.of(configmaps);

  /** Creates what is missing. What another process was faster to create is there all the same. */
  const ensure = async (type: ResourceType, informer: Informer, wanted: KubeResource) => {
    const existing = informer.get(wanted.metadata);
    try {
      if (!existing) await client.create(type, wanted);
      else if (!jsonEqual(existing.data, wanted.data)) {
        await client.update(type, { ...existing, data: wanted.data });
      }
    } catch (error) {
      if (hasCode(error, 409)) return;
      // The namespace is being deleted, or gone.
      if (hasCode(error, 404) || (hasCode(error, 403) && /terminated/.test(error.message))) return;
      throw error;
    }
  };

  const reconcile = async (namespace: string) => {
    const space = spaces.get({ name: namespace });
    if (!space || space.metadata.deletionTimestamp || space.status?.phase === 'Terminating') return undefined;
    await Promise.all([
      ...accountNames.map((name) => ensure(serviceaccounts, accounts, serviceAccount(namespace, name))),
      ...caConfigMaps(namespace, bundles).map((wanted) => ensure(configmaps, configMaps, wanted)),
    ]);
    return undefined;
  };
  return startController({
    name: 'serviceaccount',
    watches: [
      watchSelf(spaces),
      namespaceOf(accounts, accountNames),
      namespaceOf(configMaps, [rootCaName, serviceCaName]),
    ],
    reconcile,
    clock,
    logger,
  });
}

/** Reconciles the namespace when one of the objects called `names` changes. */
function namespaceOf(informer: Informer, names: readonly string[]): Watch {
  return {
    informer,
    keysOf: ({ metadata }) =>
      names.includes(metadata.name) && metadata.namespace ? [metadata.namespace] : [],
  };
}
