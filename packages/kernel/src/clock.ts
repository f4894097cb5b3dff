// Time as a capability. The only file that reads the system clock or starts a timer; everything else
// is handed a Clock, so that tests move time instead of sleeping.

/** A started timer. `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

/** The current time and timers. All instants are milliseconds since the Unix epoch, all delays are milliseconds. */
export interface Clock {
  nowMs(): number;
  /** Monotonic milliseconds, for measuring durations. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, task: () => void): Timer;
  /** Resolves after `delayMs`, or rejects with the signal's reason when `signal` aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, task) {
    const handle = setTimeout(task, Math.min(delayMs, 2_147_483_647));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = () => {
        clearTimeout(handle);
        reject(signal?.reason);
      };
      const handle = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', stop, { once: true });
    });
  },
};

interface Pending {
  readonly dueMs: number;
  readonly task: () => void;
}

/** A clock that stands still until `advance` is called. */
export interface FakeClock extends Clock {
  /** Moves time forward, running the timers that fall due, in order. */
  advance(deltaMs: number): void;
}

/** A FakeClock that starts at `startMs`. */
export function fakeClock(startMs = 1_700_000_000_000): FakeClock {
  let nowMs = startMs;
  const pending = new Set<Pending>();
  const clock: FakeClock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    after(delayMs, task) {
      const entry: Pending = { dueMs: nowMs + delayMs, task };
      pending.add(entry);
      return { cancel: () => pending.delete(entry) };
    },
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const timer = clock.after(delayMs, () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        });
        const stop = () => {
          timer.cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', stop, { once: true });
      });
    },
    advance(deltaMs) {
      const untilMs = nowMs + deltaMs;
      for (let next = earliest(pending, untilMs); next; next = earliest(pending, untilMs)) {
        pending.delete(next);
        nowMs = next.dueMs;
        next.task();
      }
      nowMs = untilMs;
    },
  };
  return clock;
}

function earliest(pending: ReadonlySet<Pending>, untilMs: number): Pending | undefined {
  let first: Pending | undefined;
  for (const entry of pending) {
    if (entry.dueMs <= untilMs && (!first || entry.dueMs < first.dueMs)) first = entry;
  }
  return first;
}
