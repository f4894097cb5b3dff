// The controller of ClusterLogging: it only says what it thinks of the specification; the forwarder's controller runs the
// collectors.
import { type Controller, commit, keyOfObject, splitKey, startController } from '@pergola/controller-kit';
import { timed } from '../conditions.ts';
import type { OperatorContext } from '../context.ts';
import { customResources } from '../custom-resources.ts';
import type { Sources } from '../forwarder/sources.ts';
import { clusterLoggingConditions } from './cluster-logging-conditions.ts';

export function startClusterLoggingController(
  { client, clock, logger }: OperatorContext,
  { clusterLoggings }: Sources,
): Controller {
  const reconcile = async (key: string) => {
    const { namespace = '', name } = splitKey(key);
    const before = clusterLoggings.get({ namespace, name });
    if (!before || before.metadata.deletionTimestamp || before['spec']?.managementState === 'Unmanaged') {
      return undefined;
    }
    const identity = { apiVersion: 'logging.openshift.io/v1', namespace, name } as const;
    const wanted = clusterLoggingConditions(before['spec'] ?? {}, identity);
    const conditions = timed(wanted, before['status']?.conditions, clock.nowMs());
    const after = { ...before, status: { ...before['status'], conditions } };
    await commit(client, customResources.clusterLoggings, { before, after });
    return undefined;
  };
  return startController({
    name: 'cluster-logging',
    watches: clusterLoggings.watches((object) => [keyOfObject(object)]),
    reconcile,
    clock,
    logger,
  });
}
