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

const apiVersions = ['logging.openshift.io/v1', 'observability.openshift.io/v1'] as const;

type Needed = Pick<Sources, 'owned' | 'reports' | 'forwardersOf' | 'synced'>;

export async function removeRemains(sources: Needed, identity: ForwarderIdentity): Promise<void> {
  await removeReports(sources, identity);
  const { owned, forwardersOf } = sources;
  const mark = forwarderMark(identity);
  const bindings = owned
    .of(clusterrolebindings)
    .list()
    .filter(({ metadata }) => metadata.annotations?.[forwarderAnnotation] === mark);
  // Without a binding of its own it was never deployed.
  if (bindings.length === 0) return;
  const account = { namespace: loggingNamespace, name: legacyServiceAccount };
  const shared = forwardersOf('observability.openshift.io/v1')
    .list(loggingNamespace)
    .some((forwarder) => forwarder['spec']?.serviceAccount?.name === legacyServiceAccount);
  if (isLegacyInstance(identity) && !shared && owned.of(serviceaccounts).get(account)) {
    await owned.remove(serviceaccounts, account);
  }
  for (const { metadata } of bindings) await owned.remove(clusterrolebindings, { name: metadata.name });
}

/**
 * Collectors report once more when they end, which may be after their forwarder went: whenever such a report appears it
 * goes too, unless a forwarder of the other API has collectors of that name.
 */
async function removeReports({ owned, reports, forwardersOf, synced }: Needed, identity: ForwarderIdentity) {
  const { namespace, collector } = collectorNames(identity, '');
  const left = reports.list(namespace).filter(({ metadata }) => metadata.labels?.[reportLabel] === collector);
  if (left.length === 0) return;
  await synced;
  const isAlive = apiVersions.some((apiVersion) =>
    forwardersOf(apiVersion)
      .list(namespace)
      .some(
        ({ metadata: { name } }) =>
          collectorNames({ apiVersion, namespace, name }, '').collector === collector,
      ),
  );
  if (isAlive) return;
  for (const { metadata } of left) await owned.remove(configmaps, { namespace, name: metadata.name });
}
