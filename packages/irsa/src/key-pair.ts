// The webhook's serving certificate, which whoever issues it may replace at any time.
import { readFile } from 'node:fs/promises';
import type { Clock, Logger } from '@pergola/kernel';

/** A certificate chain and its private key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A key pair that changes. */
export interface KeyPairSource extends AsyncDisposable {
  current(): KeyPair;
  /** Calls `listener` with each later key pair. */
  onChange(listener: (pair: KeyPair) => void): void;
}

const pollMs = 10_000;

/** Follows two files, as cert-manager, service-ca and the kubelet replace them. Throws when they cannot be read at first. */
export async function watchKeyPairFiles(
  paths: { readonly cert: string; readonly key: string },
  clock: Clock,
  logger: Logger,
): Promise<KeyPairSource> {
  const read = async () => ({
    cert: await readFile(paths.cert, 'utf8'),
    key: await readFile(paths.key, 'utf8'),
  });
  let pair: KeyPair = await read();
  const listeners: ((pair: KeyPair) => void)[] = [];
  const stop = new AbortController();

  const poll = async () => {
    while (!stop.signal.aborted) {
      try {
        await clock.sleep(pollMs, stop.signal);
        const next = await read();
        if (next.cert === pair.cert && next.key === pair.key) continue;
        pair = next;
        for (const listener of listeners) listener(next);
      } catch (error) {
        if (!stop.signal.aborted)
          logger.warn({ because: String(error) }, 'cannot read the serving certificate');
      }
    }
  };
  const polling = poll();
  return {
    current: () => pair,
    onChange: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('closed'));
      await polling;
    },
  };
}
