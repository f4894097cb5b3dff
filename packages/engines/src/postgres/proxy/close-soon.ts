// The end of a connection whose other side may still have to read.
import type { Duplex } from 'node:stream';
import { systemClock } from '@pergola/kernel';

const PATIENCE_MS = 5_000;

/** Sends `last` and ends our half; a client that then does not close its own is cut off. */
export function closeSoon(client: Duplex, last?: Buffer): void {
  if (client.destroyed) return;
  const limit = systemClock.after(PATIENCE_MS, () => client.destroy());
  client.once('close', () => limit.cancel());
  // What it still sends is of no interest, but unread it would keep the end from being seen.
  client.resume();
  client.end(last);
}
