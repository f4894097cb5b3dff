// The controller of the ClusterRoles that belong to no forwarder: administrators bind them to ServiceAccounts.
import { type Controller, startController } from '@pergola/controller-kit';
import { resourceTypes } from '@pergola/kube-client';
import type { OperatorContext } from '../context.ts';
import { sharedClusterRoles } from '../workload/access-objects.ts';
import type { OwnedObjects } from './owned-objects.ts';

export function startClusterRoles({ clock, logger }: OperatorContext, owned: OwnedObjects): Controller {
  const roles = new Map(sharedClusterRoles().map((role) => [role.metadata.name, role]));
  const controller = startController({
    name: 'cluster-roles',
    watches: owned
      .of(resourceTypes.clusterroles)
      .watches(({ metadata }) => (roles.has(metadata.name) ? [metadata.name] : [])),
    reconcile: async (name) => {
      const role = roles.get(name);
      if (role) await owned.ensure(resourceTypes.clusterroles, role);
      return undefined;
    },
    clock,
    logger,
  });
  for (const name of roles.keys()) controller.enqueue(name);
  return controller;
}
