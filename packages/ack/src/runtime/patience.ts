// How soon to look again at what AWS is at work on: at once at first, for much takes a moment only, then in proportion to
// the time that it has taken already.
import type { Clock } from '@pergola/kernel';
import type { Remembered } from './memory.ts';

const firstMs = 100;
const shareOfElapsed = 0.1;

interface Waiting {
  readonly context: { readonly clock: Pick<Clock, 'monotonicMs'> };
  readonly remembered: Pick<Remembered, 'waitingSinceMs'>;
}

/** `longestMs`: what takes long costs a call that often. */
export function lookAgainMs({ context, remembered }: Waiting, longestMs: number): number {
  const nowMs = context.clock.monotonicMs();
  remembered.waitingSinceMs ??= nowMs;
  return Math.min(longestMs, Math.max(firstMs, (nowMs - remembered.waitingSinceMs) * shareOfElapsed));
}
