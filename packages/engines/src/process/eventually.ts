// Waiting for other processes. They live in real time, whatever clock the services have been given.
import { systemClock } from '@pergola/kernel';

/** Asks until there is an answer, at most for `limitMs`; undefined when there was none. */
export async function eventually<T>(
  ask: () => Promise<T | undefined>,
  { limitMs, everyMs }: { readonly limitMs: number; readonly everyMs: number },
): Promise<T | undefined> {
  const endMs = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || systemClock.monotonicMs() > endMs) return answer;
    await systemClock.sleep(everyMs);
  }
}
