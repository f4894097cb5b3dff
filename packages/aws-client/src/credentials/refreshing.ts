// Keeps temporary credentials fresh: new ones well before the old expire, one request for them at a time, and the old
// in use for as long as they hold when no new ones can be had.
import type { Clock, Random } from '@pergola/kernel';
import type { Credentials, CredentialSource } from './source.ts';

export interface RefreshingOptions {
  readonly fetch: () => Promise<Credentials>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Share of their life after which credentials are replaced; the jitter keeps many nodes from asking at once. */
const refreshFrom = 0.8;
const refreshJitter = 0.1;
/** Milliseconds between tries while the old ones still hold. */
const retryMs = 10_000;
/** Credentials about to end are as good as ended: a call takes a while to arrive. */
const marginMs = 15_000;

interface Held {
  readonly credentials: Credentials;
  readonly refreshAtMs: number;
}

/** A source over `fetch`, which is asked only when `get` needs it. */
export function refreshingCredentials({ fetch, clock, random }: RefreshingOptions): CredentialSource {
  let held: Held | undefined;
  let underway: Promise<Held> | undefined;
  let refused = 0;

  const refresh = (): Promise<Held> => {
    const refusedBefore = refused;
    underway ??= fetch()
      .then((credentials) => {
        const fresh = { credentials, refreshAtMs: refreshAtMs(credentials) };
        // Refused while they were on their way: they answer who waits, and are not kept.
        if (refused === refusedBefore) held = fresh;
        return fresh;
      })
      .finally(() => {
        underway = undefined;
      });
    return underway;
  };

  const refreshAtMs = ({ expiresAtMs }: Credentials): number => {
    if (expiresAtMs === undefined) return Number.POSITIVE_INFINITY;
    const nowMs = clock.nowMs();
    const share = refreshFrom + refreshJitter * (random.fraction() - 0.5);
    return nowMs + Math.max(0, expiresAtMs - nowMs) * share;
  };

  const postpone = (current: Held) => {
    if (held !== current) return;
    held = { ...current, refreshAtMs: clock.nowMs() + retryMs * (0.5 + random.fraction()) };
  };

  return {
    async get() {
      const current = held;
      if (current === undefined || hasEnded(current, clock.nowMs())) return (await refresh()).credentials;
      // In the background: nobody waits for what is not yet needed.
      if (clock.nowMs() >= current.refreshAtMs) refresh().catch(() => postpone(current));
      return current.credentials;
    },
    invalidate() {
      refused += 1;
      held = undefined;
    },
  };
}

function hasEnded({ credentials }: Held, nowMs: number): boolean {
  const { expiresAtMs } = credentials;
  return expiresAtMs !== undefined && nowMs >= expiresAtMs - marginMs;
}
