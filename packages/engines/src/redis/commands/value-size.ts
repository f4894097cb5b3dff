// How large a string may become.
import { faults, RedisFault } from '../resp/reply.ts';
import type { Session } from '../session.ts';

/** A little less than 512 MiB: the longest text that there can be here. */
const MAX_BYTES = 2 ** 29 - 24;

/** Throws when a value of so many bytes would be longer than one may be, or than all that its cache may hold. */
export function assertFits({ node }: Session, bytes: number): void {
  if (bytes > MAX_BYTES) throw faults.error('string exceeds maximum allowed size (proto-max-bulk-len)');
  const limit = Number(node.parameters.get('maxmemory') ?? 0);
  if (limit > 0 && bytes > limit) {
    throw new RedisFault("OOM command not allowed when used memory > 'maxmemory'.");
  }
}
