// Waits for the end of a command that serves.

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. Keeps nothing alive and hides none of the later ones. */
export function nextSignal(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
