// The status of an InstallPlan that has come to its end.
import { timestamp } from '../../workload/conditions.ts';
import type { InstallPlanRun, InstallPlanStatus, PlanStep } from './install-plan-run.ts';

export function failed(run: InstallPlanRun, message: string): InstallPlanStatus {
  return {
    ...run.plan['status'],
    phase: 'Failed',
    message,
    conditions: [{ ...condition(run, 'False'), reason: 'InstallComponentFailed', message }],
  };
}

export function complete(run: InstallPlanRun, plan: readonly PlanStep[]): InstallPlanStatus {
  const { message: _before, ...status } = run.plan['status'] ?? {};
  return { ...status, phase: 'Complete', plan, conditions: [condition(run, 'True')] };
}

function condition(run: InstallPlanRun, status: 'True' | 'False') {
  const now = timestamp(run.nowMs);
  return { type: 'Installed', status, lastUpdateTime: now, lastTransitionTime: now };
}
