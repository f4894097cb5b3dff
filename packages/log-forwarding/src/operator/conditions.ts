// Conditions of a status: set and replaced without changing times that have no reason to change.

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A condition before it has a time. */
export type NewCondition = Omit<Condition, 'lastTransitionTime'>;

/** RFC 3339 to the second, as Kubernetes writes times. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `wanted` with the times of those in `current` whose status has not changed. */
export function timed(
  wanted: readonly NewCondition[],
  current: readonly Condition[] | undefined,
  nowMs: number,
): Condition[] {
  const now = timestamp(nowMs);
  return wanted.map((condition) => {
    const before = current?.find(({ type }) => type === condition.type);
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return { lastTransitionTime: since ?? now, ...condition };
  });
}

/** Ready of logging.openshift.io, which gives no reason when all is well. */
export const plainReady: NewCondition = { type: 'Ready', status: 'True' };

export function notReady(reason: string, message: string): NewCondition {
  return { type: 'Ready', status: 'False', reason, message };
}

/** The condition by which logging 5.9 says that a specification is wrong. */
export function invalid(message: string): NewCondition {
  return { type: 'Validation', status: 'True', reason: 'ValidationFailure', message };
}

export function isReady(condition: NewCondition | undefined): boolean {
  return condition?.type === 'Ready' && condition.status === 'True';
}
