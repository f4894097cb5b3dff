// Retention: events that have expired are never shown again, and a sweep gives their space back.
import type { PlaneContext } from '../../plane-context.ts';
import { expiryMsOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { allGroups, type LogGroup, refOf } from './state.ts';

const SWEEP_MS = 10 * 60_000;

/** Lets the log store forget what has expired in a group up to now. */
export async function forgetExpired(plane: PlaneContext, group: LogGroup): Promise<void> {
  if (group.retentionDays === undefined) return;
  await logsOf(plane).events.expire(refOf(group), expiryMsOf(group, plane.clock.nowMs()));
}

/** Forgets what has expired, in the background, every ten minutes until the plane ends. */
export function startRetention(plane: PlaneContext): void {
  const stop = new AbortController();
  const sweeping = sweepUntil(plane, stop.signal);
  plane.disposal.defer(async () => {
    stop.abort();
    await sweeping;
  });
}

async function sweepUntil(plane: PlaneContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // The sleep rejects when the plane ends, which is all that can make it reject.
    await plane.clock.sleep(SWEEP_MS, signal).catch(() => undefined);
    for (const group of signal.aborted ? [] : allGroups(plane.store)) {
      if (signal.aborted) return;
      await forgetExpired(plane, group).catch((error: unknown) =>
        plane.logger.error({ error, group: group.name }, 'could not forget expired log events'),
      );
    }
  }
}
