// First step of an InstallPlan: what will be made, written down before anything is; then whether somebody must agree.
import type { Step } from '@pergola/controller-kit';
import { timestamp } from '../../workload/conditions.ts';
import { nameOf } from '../kinds.ts';
import { catalogSource } from '../olm-context.ts';
import { failed } from './install-condition.ts';
import type { InstallPlanRun, PlanStep } from './install-plan-run.ts';
import { plannedObjects } from './planned-objects.ts';

export const planning: Step<InstallPlanRun> = {
  name: 'planning',
  async run(run) {
    const { plan, bundles } = run;
    const status = plan['status'] ?? {};
    const names: readonly string[] = plan['spec'].clusterServiceVersionNames;
    if (status.phase === 'Complete' || status.phase === 'Failed') return 'stop';
    const missing = names.filter((_, index) => bundles[index] === undefined);
    if (missing.length > 0) {
      await run.patchStatus(failed(run, `no catalog offers ${missing.join(', ')}`));
      return 'stop';
    }
    const phase = plan['spec'].approved === true ? 'Installing' : 'RequiresApproval';
    if (status.phase === phase) return phase === 'Installing' ? undefined : 'stop';
    await run.patchStatus({
      phase,
      catalogSources: [catalogSource.name],
      bundleLookups: [],
      plan: stepsOf(run),
      ...(phase === 'Installing' ? { startTime: timestamp(run.nowMs) } : {}),
    });
    return 'stop';
  },
};

export function stepsOf({ plan, bundles }: InstallPlanRun): PlanStep[] {
  return bundles.flatMap((bundle) => {
    if (!bundle) return [];
    return plannedObjects(bundle, plan).map(({ type, object }) => ({
      resolving: nameOf(bundle.csv),
      status: 'Unknown' as const,
      resource: {
        group: type.group,
        version: type.version,
        kind: type.kind,
        name: nameOf(object),
        sourceName: catalogSource.name,
        sourceNamespace: catalogSource.namespace,
      },
    }));
  });
}
