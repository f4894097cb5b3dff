// What lets the collectors read the cluster and report.
import { resourceTypes } from '@pergola/kube-client';
import { isLegacyInstance } from '../names.ts';
import {
  collectBindings,
  collectorRole,
  collectorRoleBinding,
  metadataBinding,
  serviceAccountObject,
} from '../workload/access-objects.ts';
import type { ForwarderRun } from './run.ts';

const { serviceaccounts, roles, rolebindings, clusterrolebindings } = resourceTypes;

/** Users bring the ServiceAccounts of their forwarders and allow them to collect; the legacy one's are ours. */
export async function grantAccess({ names, identity, actions }: ForwarderRun): Promise<undefined> {
  if (isLegacyInstance(identity)) {
    await actions.ensure(serviceaccounts, serviceAccountObject(names));
    for (const binding of collectBindings(names, identity))
      await actions.ensure(clusterrolebindings, binding);
  }
  await actions.ensure(roles, collectorRole(names));
  await actions.ensure(rolebindings, collectorRoleBinding(names));
  await actions.ensure(clusterrolebindings, metadataBinding(names, identity));
}
