// The Operator Lifecycle Manager: its kinds at once, because users speak of them; its controllers as soon as the kinds
// are served. Nobody waits for the controllers.
import { Disposal } from '@pergola/kernel';
import { resourceTypes } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import type { OperatorPackage } from './catalog.ts';
import { startCsvController } from './cluster-service-version/controller.ts';
import { furnish, installKinds } from './furnish.ts';
import { startInstallPlanController } from './install-plan/controller.ts';
import { olmTypes } from './kinds.ts';
import type { OlmContext } from './olm-context.ts';
import { startOperatorGroupController } from './operator-group/controller.ts';
import { startSubscriptionController } from './subscription/controller.ts';

const furnishAgainMs = 1_000;

/** Resolves when OLM's kinds are served; the catalog and the OperatorGroups follow. */
export async function startOlm(
  context: ControllerContext,
  catalog: readonly OperatorPackage[],
): Promise<AsyncDisposable> {
  await installKinds(context.client);
  const { informers } = context;
  const olm: OlmContext = {
    ...context,
    catalog,
    subscriptions: informers.of(olmTypes.subscriptions),
    plans: informers.of(olmTypes.installPlans),
    csvs: informers.of(olmTypes.clusterServiceVersions),
    groups: informers.of(olmTypes.operatorGroups),
    sources: informers.of(olmTypes.catalogSources),
    crds: informers.of(resourceTypes.customresourcedefinitions),
  };
  const disposal = new Disposal();
  const stop = new AbortController();
  const furnished = furnishUntilDone(context, catalog, stop.signal);
  disposal.defer(async () => {
    stop.abort(new Error('closed'));
    await furnished;
  });
  const starts = [
    startOperatorGroupController,
    startSubscriptionController,
    startInstallPlanController,
    startCsvController,
  ];
  for (const start of starts) disposal.use(start(olm));
  return disposal;
}

async function furnishUntilDone(
  { client, clock, logger }: ControllerContext,
  catalog: readonly OperatorPackage[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await furnish(client, catalog);
      return;
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ because: String(error) }, 'the catalog of operators could not be written; trying again');
      await clock.sleep(furnishAgainMs, signal).catch(() => {});
    }
  }
}
