// How long to wait after a failure: full jitter between the configured bounds.
import type { Random } from '@pergola/kernel';

export interface RetryBounds {
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
}

/** Milliseconds after the `failures`-th failure in a row (from 1), at least `askedMs` when the answer asked for that. */
export function retryDelayMs(
  bounds: RetryBounds,
  failures: number,
  random: Random,
  askedMs: number | undefined,
): number {
  const { minRetryMs, maxRetryMs } = bounds;
  const ceilingMs = Math.min(maxRetryMs, minRetryMs * 2 ** Math.min(failures, 30));
  const delayMs = minRetryMs + random.fraction() * Math.max(0, ceilingMs - minRetryMs);
  return Math.max(delayMs, askedMs ?? 0);
}
