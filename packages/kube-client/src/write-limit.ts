// A token bucket over writes, so that a controller gone wrong cannot flood the API server.
import type { Clock } from '@pergola/kernel';

/** Resolves when one more write may be sent. */
export type WriteLimit = () => Promise<void>;

/** At most `perSecond` writes a second on average, with bursts of one second's worth; 0 means no limit. */
export function createWriteLimit(perSecond: number, clock: Clock): WriteLimit {
  if (perSecond <= 0) return () => Promise.resolve();
  const intervalMs = 1000 / perSecond;
  const burstMs = Math.max(intervalMs, 1000);
  // The instant at which the bucket would be full again, less its size: the classic GCRA form.
  let readyMs = clock.monotonicMs() - burstMs;
  return () => {
    const nowMs = clock.monotonicMs();
    readyMs = Math.max(readyMs, nowMs - burstMs) + intervalMs;
    return readyMs <= nowMs ? Promise.resolve() : clock.sleep(readyMs - nowMs);
  };
}
