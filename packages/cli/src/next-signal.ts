// Waits for the end of a command: that of one which serves, or of one which would end by itself.
import { systemClock } from '@pergola/kernel';

/** As long as a timer can be. */
const longMs = 2_147_483_647;

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, or with `other`; until then the process lives. A second signal ends it
 * at once.
 */
export async function nextSignal(other?: Promise<unknown>): Promise<void> {
  const arrived = new AbortController();
  // Sockets and other timers may all be gone for a moment, while a server that went away is tried again.
  systemClock.sleep(longMs, arrived.signal).catch(() => {
    // The signal has arrived.
  });
  const signal = new Promise<void>((resolve) => onSignal(resolve));
  await (other ? Promise.race([signal, other]) : signal);
  arrived.abort();
}

/**
 * A signal that aborts at Ctrl-C, at SIGTERM, and when whoever reads our output has gone (`| head`). It keeps no process
 * alive that has nothing more to do.
 */
export function abortOnSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('stopped'));
  onSignal(stop);
  process.stdout.once('error', stop);
  return controller.signal;
}

function onSignal(task: () => void): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = () => {
    for (const signal of signals) process.off(signal, stop);
    task();
  };
  for (const signal of signals) process.on(signal, stop);
}
