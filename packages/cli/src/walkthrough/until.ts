// Waiting for something to become so, with a word on what it was instead.
import { systemClock } from '@pergola/kernel';
import { NotProved } from './step.ts';

export interface Wait {
  /** What is waited for, as the end of "after 30 s". */
  readonly what: string;
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** Milliseconds between looks. Default 25. */
  readonly everyMs?: number;
}

/** Looks again and again until `look` returns a value; a text says why not yet. Throws NotProved with the last text. */
export async function until<T extends object>(wait: Wait, look: () => Promise<T | string>): Promise<T> {
  const { what, timeoutMs = 30_000, everyMs = 25 } = wait;
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (typeof seen !== 'string') return seen;
    if (systemClock.monotonicMs() > deadlineMs) {
      throw new NotProved(`${what} after ${timeoutMs / 1_000} s: ${seen}`);
    }
    await systemClock.sleep(everyMs);
  }
}
