// Conditions of a status: set, replaced and removed without changing times that have no reason to change.

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
}

/** RFC 3339 to the second, as Kubernetes writes times. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/**
 * `conditions` with `next` in them. One that says the same already stays as it is; `lastTransitionTime` changes only
 * with the status. Deployments also keep `lastUpdateTime` (`withUpdateTime`).
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  next: Omit<Condition, 'lastUpdateTime' | 'lastTransitionTime'>,
  options: { readonly nowMs: number; readonly withUpdateTime?: boolean },
): Condition[] {
  const others = (conditions ?? []).filter(({ type }) => type !== next.type);
  const current = conditions?.find(({ type }) => type === next.type);
  if (
    current &&
    current.status === next.status &&
    current.reason === next.reason &&
    current.message === next.message
  ) {
    return [...(conditions ?? [])];
  }
  const now = timestamp(options.nowMs);
  const lastTransitionTime = current?.status === next.status ? (current.lastTransitionTime ?? now) : now;
  const times = options.withUpdateTime ? { lastUpdateTime: now, lastTransitionTime } : { lastTransitionTime };
  return [...others, { ...next, ...times }];
}

export function removeCondition(conditions: readonly Condition[] | undefined, type: string): Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}
