// What a forwarder leaves that no owner reference takes with it: cluster-wide bindings, its collectors' reports, and the
// legacy forwarder's ServiceAccount.
import { resourceTypes } from '@pergola/kube-client';
import type { ForwarderIdentity } from '../../config/collector-config.ts';
import {
  collectorNames,
  forwarderAnnotation,
  isLegacyInstance,
  legacyServiceAccount,
  loggingNamespace,
  forwarderMark,
  reportLabel,
} from '../names.ts';
import type { Sources } from './sources.ts';

const { clusterrolebindings, configmaps, serviceaccounts } = resourceTypes;

type Needed = Pick<Sources, 'owned' | 'reports' | 'forwardersOf'>;

export async function removeRemains(
  { owned, reports, forwardersOf }: Needed,
  identity: ForwarderIdentity,
): Promise<void> {
  const mark = forwarderMark(identity);
  const bindings = owned
    .of(clusterrolebindings)
    .list()
    .filter(({ metadata }) => metadata.annotations?.[forwarderAnnotation] === mark);
  // Without a binding of its own it was never deployed: reports of that name are another forwarder's.
  if (bindings.length === 0) return;
  const { namespace, collector } = collectorNames(identity, '');
  for (const { metadata } of reports.list(namespace)) {
    if (metadata.labels?.[reportLabel] !== collector) continue;
    await owned.remove(configmaps, { namespace, name: metadata.name });
  }
  const account = { namespace: loggingNamespace, name: legacyServiceAccount };
  const shared = forwardersOf('observability.openshift.io/v1')
    .list(loggingNamespace)
    .some((forwarder) => forwarder['spec']?.serviceAccount?.name === legacyServiceAccount);
  if (isLegacyInstance(identity) && !shared && owned.of(serviceaccounts).get(account)) {
    await owned.remove(serviceaccounts, account);
  }
  for (const { metadata } of bindings) await owned.remove(clusterrolebindings, { name: metadata.name });
}
