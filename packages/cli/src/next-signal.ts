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

/** A signal that aborts at Ctrl-C, at SIGTERM, and when whoever reads our output has gone (`| head`). */
export function abortOnSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('stopped'));
  void nextSignal().then(stop);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop();
  });
  return controller.signal;
}
