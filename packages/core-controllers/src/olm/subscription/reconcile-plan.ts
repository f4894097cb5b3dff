// Second step: one InstallPlan for each ClusterServiceVersion on the way, asked for when its time has come.
import type { Step } from '@pergola/controller-kit';
import { apiVersionOf, type KubeResource } from '@pergola/kube-client';
import { nameOf, olmTypes } from '../kinds.ts';
import type { SubscriptionRun } from './subscription-run.ts';

export const plan: Step<SubscriptionRun> = {
  name: 'plan',
  async run(run) {
    const { wanted, status } = run;
    if (wanted === undefined || !isTime(run)) return undefined;
    // One that was created just before a crash is found again by what it installs.
    const installPlan = planFor(run, wanted) ?? (await run.createPlan(wanted));
    const { namespace, name, uid, resourceVersion } = installPlan.metadata;
    const apiVersion = apiVersionOf(olmTypes.installPlans);
    run.status = {
      ...status,
      currentCSV: wanted,
      installplan: { apiVersion, kind: 'InstallPlan', name, uuid: uid },
      installPlanRef: { apiVersion, kind: 'InstallPlan', namespace, name, uid, resourceVersion },
      installPlanGeneration: installPlan['spec']?.generation,
      conditions: run.status.conditions,
    };
    return undefined;
  },
};

export function planFor(run: SubscriptionRun, csv: string): KubeResource | undefined {
  return run.plans.find(({ spec }) => spec?.clusterServiceVersionNames?.includes(csv));
}

/** The first at once; the next only when the one before has succeeded. */
function isTime({ status, csvs }: SubscriptionRun): boolean {
  if (status.currentCSV === undefined) return true;
  const current = csvs.find((csv) => nameOf(csv) === status.currentCSV);
  return current?.['status']?.phase === 'Succeeded';
}
