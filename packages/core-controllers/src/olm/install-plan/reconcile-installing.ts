// Second step of an InstallPlan: making what was planned. All of it can be done again after a crash.
import type { Step, StepResult } from '@pergola/controller-kit';
import { KubeApiError, type KubeResource } from '@pergola/kube-client';
import { isEstablished } from '../established.ts';
import type { LoadedBundle } from '../catalog.ts';
import { nameOf } from '../kinds.ts';
import { providedRbac } from '../provided-apis.ts';
import { ownRbac, type Wanted } from '../rbac.ts';
import { complete, failed } from './install-condition.ts';
import type { InstallPlanRun, PlanStep } from './install-plan-run.ts';
import { plannedCrds, plannedCsv } from './planned-objects.ts';
import { stepsOf } from './reconcile-planning.ts';

/** Without an OperatorGroup nobody says whose rights the installation has; OLM waits this long for one. */
const groupDeadlineMs = 60_000;
const lookAgainMs = 2_000;
const establishingMs = 100;

export const installing: Step<InstallPlanRun> = {
  name: 'installing',
  async run(run) {
    if (run.groupCount !== 1) return withoutGroup(run);
    try {
      const made = new Map<string, PlanStep['status']>();
      for (const bundle of run.bundles) {
        if (bundle && !(await install(run, bundle, made)))
          return { requeueAfterMs: establishingMs, stop: true };
      }
      const steps = stepsOf(run).map((step) => ({
        ...step,
        status: made.get(`${step.resource.kind}/${step.resource.name}`) ?? step.status,
      }));
      await run.patchStatus(complete(run, steps));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await run.patchStatus(failed(run, error.message));
    }
    return undefined;
  },
};

/** False while a definition is not yet established. */
async function install(
  run: InstallPlanRun,
  bundle: LoadedBundle,
  made: Map<string, PlanStep['status']>,
): Promise<boolean> {
  const ensure = async (wanted: Wanted, replace: boolean): Promise<KubeResource> => {
    const result = await run.ensure(wanted, replace);
    made.set(`${wanted.type.kind}/${nameOf(wanted.object)}`, result.made ? 'Created' : 'Present');
    return result.object;
  };
  const crds = await Promise.all(plannedCrds(bundle).map((crd) => ensure(crd, true)));
  if (!crds.every(isEstablished)) return false;
  const csv = await ensure(plannedCsv(bundle, run.plan), false);
  await Promise.all([...ownRbac(csv), ...providedRbac(csv)].map((wanted) => ensure(wanted, true)));
  return true;
}

async function withoutGroup(run: InstallPlanRun): Promise<StepResult> {
  const count = run.groupCount;
  const because =
    count === 0
      ? 'no operator group found that is managing this namespace'
      : `more than one operator group(s) are managing this namespace count=${count}`;
  const message = `attenuated service account query failed - ${because}`;
  const status = run.plan['status'];
  if (run.nowMs - Date.parse(status.startTime) > groupDeadlineMs) {
    await run.patchStatus(failed(run, `retry deadline exceeded: ${message}`));
    return 'stop';
  }
  if (status.message !== message) await run.patchStatus({ ...status, message });
  return { requeueAfterMs: lookAgainMs, stop: true };
}

/** What trying again would not mend. */
function isRefusal(error: unknown): error is KubeApiError {
  return error instanceof KubeApiError && [400, 403, 404, 422].includes(error.code);
}
