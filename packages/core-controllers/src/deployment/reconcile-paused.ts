// A paused Deployment says so, and one that goes on again starts its progress anew.
import { setCondition } from '../workload/conditions.ts';
import type { Rollout } from './rollout.ts';

export function markPaused(rollout: Rollout): undefined {
  const { deployment, nowMs } = rollout;
  if (deployment.spec.progressDeadlineSeconds === undefined) return;
  const current = rollout.conditions.find(({ type }) => type === 'Progressing');
  if (current?.reason === 'ProgressDeadlineExceeded') return;
  const isPaused = current?.reason === 'DeploymentPaused';
  if (Boolean(deployment.spec.paused) === isPaused) return;
  const [reason, message] = deployment.spec.paused
    ? ['DeploymentPaused', 'Deployment is paused']
    : ['DeploymentResumed', 'Deployment is resumed'];
  const next = { type: 'Progressing', status: 'Unknown', reason, message } as const;
  rollout.conditions = setCondition(rollout.conditions, next, { nowMs, withUpdateTime: true });
}
