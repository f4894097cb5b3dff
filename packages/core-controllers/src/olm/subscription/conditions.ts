// Conditions of a Subscription, in OLM's words.
import { timestamp } from '../../workload/conditions.ts';
import type { SubscriptionCondition, SubscriptionRun } from './subscription-run.ts';

/** Sets one condition, or removes it when there is nothing to say. */
export function tell(
  run: SubscriptionRun,
  type: string,
  said: Omit<SubscriptionCondition, 'type' | 'lastTransitionTime'> | undefined,
): void {
  const conditions = run.status.conditions ?? [];
  const others = conditions.filter((condition) => condition.type !== type);
  if (!said) {
    run.status = { ...run.status, conditions: others };
    return;
  }
  const before = conditions.find((condition) => condition.type === type);
  const same =
    before?.status === said.status && before.reason === said.reason && before.message === said.message;
  const lastTransitionTime = same ? before.lastTransitionTime : timestamp(run.nowMs);
  const next = { type, ...said, lastTransitionTime };
  run.status = {
    ...run.status,
    conditions: same ? conditions : [...others, next].sort((a, b) => (a.type < b.type ? -1 : 1)),
  };
}
