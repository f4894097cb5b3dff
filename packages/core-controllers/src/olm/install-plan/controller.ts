// The controller of InstallPlans: makes what an approved plan lists. The other half of OLM's catalog operator.
import {
  commit,
  type Controller,
  keyOfObject,
  runSteps,
  splitKey,
  startController,
  watchSelf,
} from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { findBundle, loadBundle } from '../catalog.ts';
import { ensureObject } from '../ensure-object.ts';
import { olmTypes } from '../kinds.ts';
import type { OlmContext } from '../olm-context.ts';
import type { InstallPlanRun } from './install-plan-run.ts';
import { installPlanSteps } from './reconcile.ts';

export function startInstallPlanController(context: OlmContext): Controller {
  const { clock, logger, plans, groups } = context;
  return startController({
    name: 'install-plan',
    watches: [
      watchSelf(plans),
      {
        informer: groups,
        keysOf: (group) => plans.list(group.metadata.namespace).map(keyOfObject),
      },
    ],
    async reconcile(key) {
      const plan = plans.get(splitKey(key));
      if (!plan || plan.metadata.deletionTimestamp) return undefined;
      return runSteps(installPlanSteps, await runOf(context, plan));
    },
    clock,
    logger,
  });
}

async function runOf(
  { client, clock, catalog, groups }: OlmContext,
  plan: KubeResource,
): Promise<InstallPlanRun> {
  const names: readonly string[] = plan['spec'].clusterServiceVersionNames;
  const bundles = names.map((name) => findBundle(catalog, name));
  return {
    plan,
    nowMs: clock.nowMs(),
    bundles: await Promise.all(bundles.map(async (bundle) => bundle && loadBundle(bundle))),
    groupCount: groups.list(plan.metadata.namespace).length,
    ensure: (wanted, replace) => ensureObject(client, wanted, replace),
    async patchStatus(status) {
      await commit(client, olmTypes.installPlans, { before: plan, after: { ...plan, status } });
    },
  };
}
