// What a forwarder leaves that no owner reference takes with it: cluster-wide bindings, and its collectors' reports.
import { resourceTypes } from '@pergola/kube-client';
import type { ForwarderIdentity } from '../../config/collector-config.ts';
import { collectorNames, forwarderAnnotation, forwarderMark, reportLabel } from '../names.ts';
import type { Sources } from './sources.ts';

const { clusterrolebindings, configmaps } = resourceTypes;

export async function removeRemains(
  { owned, reports }: Pick<Sources, 'owned' | 'reports'>,
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
  for (const { metadata } of bindings) await owned.remove(clusterrolebindings, { name: metadata.name });
}
