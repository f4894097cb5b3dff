// The namespace controller: empties and releases namespaces that are being deleted.
import { type Controller, runSteps, startController, watchSelf } from '@pergola/controller-kit';
import { hasCode, type KubeResource, type ResourceType, resourceTypes } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { discoverResources } from '../discovery.ts';
import { patchStatusOf } from '../workload/status.ts';
import { type NamespaceRun, namespaceSteps } from './reconcile.ts';

const { namespaces } = resourceTypes;
const finalizer = 'kubernetes';

export function startNamespaceController(context: ControllerContext): Controller {
  const { client, clock, logger, informers } = context;
  const spaces = informers.of(namespaces);

  const empty = async (type: ResourceType, namespace: string): Promise<readonly KubeResource[]> => {
    const before = await client.list(type, { namespace });
    if (before.items.length === 0) return [];
    await Promise.all(
      before.items.map(async ({ metadata: { name, uid, deletionTimestamp } }) => {
        if (deletionTimestamp) return;
        try {
          const options = { propagationPolicy: 'Background' as const, ...(uid === undefined ? {} : { uid }) };
          await client.delete(type, { namespace, name }, options);
        } catch (error) {
          // Gone, or replaced: the list below tells.
          if (!hasCode(error, 404) && !hasCode(error, 409)) throw error;
        }
      }),
    );
    return (await client.list(type, { namespace })).items;
  };

  const reconcile = async (name: string) => {
    const namespace = spaces.get({ name });
    const finalizers: string[] = namespace?.spec?.finalizers ?? [];
    if (!namespace?.metadata.deletionTimestamp || !finalizers.includes(finalizer)) return undefined;
    const run: NamespaceRun = {
      namespace,
      nowMs: clock.nowMs(),
      remains: [],
      discover: async () => {
        const types = await discoverResources(client, ['list', 'delete']);
        return types.filter((type) => type.namespaced);
      },
      empty: (type) => empty(type, name),
      patchStatus: (status) => patchStatusOf(client, namespaces, namespace, status),
      finalize: async () => {
        const rest = finalizers.filter((each) => each !== finalizer);
        await client.update(
          namespaces,
          { ...namespace, spec: { ...namespace.spec, finalizers: rest } },
          'finalize',
        );
      },
    };
    return runSteps(namespaceSteps, run);
  };
  return startController({ name: 'namespace', watches: [watchSelf(spaces)], reconcile, clock, logger });
}
