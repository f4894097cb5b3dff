// The resourceVersion of reads: refused when it lies in the future.
import type { Store } from '@pergola/store';
import { faults } from '../faults.ts';
import { parseResourceVersion } from './options.ts';

/** The wanted revision, if any; throws 400 when it is no number and 504 when the store is not there yet. */
export function assertNotFromFuture(store: Store, text: string): number | undefined {
  const wanted = parseResourceVersion(text);
  const current = store.revision();
  if (wanted !== undefined && wanted > current) throw faults.tooLargeResourceVersion(wanted, current);
  return wanted;
}
