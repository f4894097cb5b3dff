// The controller of OperatorGroups: which namespaces each one selects.
import { jsonEqual } from '@pergola/kernel';
import {
  commit,
  type Controller,
  keyOfObject,
  splitKey,
  startController,
  watchSelf,
} from '@pergola/controller-kit';
import { type KubeResource, resourceTypes, selectorMatches } from '@pergola/kube-client';
import { timestamp } from '../../workload/conditions.ts';
import { olmTypes } from '../kinds.ts';
import type { OlmContext } from '../olm-context.ts';

export function startOperatorGroupController(context: OlmContext): Controller {
  const { client, clock, logger, groups, informers } = context;
  const namespaces = informers.of(resourceTypes.namespaces);
  return startController({
    name: 'operator-group',
    watches: [
      watchSelf(groups),
      {
        informer: namespaces,
        keysOf: () =>
          groups
            .list()
            .filter((group) => group['spec']?.selector)
            .map(keyOfObject),
      },
    ],
    async reconcile(key) {
      const group = groups.get(splitKey(key));
      if (!group || group.metadata.deletionTimestamp) return undefined;
      const selected = selectedNamespaces(group, namespaces.list());
      if (jsonEqual(group['status']?.namespaces, selected)) return undefined;
      const status = { ...group['status'], namespaces: selected, lastUpdated: timestamp(clock.nowMs()) };
      await commit(client, olmTypes.operatorGroups, { before: group, after: { ...group, status } });
      return undefined;
    },
    clock,
    logger,
  });
}

/** Named namespaces, else those that the selector fits, else all, written as ''. */
export function selectedNamespaces(group: KubeResource, namespaces: readonly KubeResource[]): string[] {
  const { targetNamespaces = [], selector } = group['spec'] ?? {};
  if (targetNamespaces.length > 0) return [...new Set<string>(targetNamespaces)].sort();
  if (!selector || Object.keys(selector).length === 0) return [''];
  return namespaces
    .filter(({ metadata }) => selectorMatches(selector, metadata.labels))
    .map(({ metadata }) => metadata.name)
    .sort();
}
