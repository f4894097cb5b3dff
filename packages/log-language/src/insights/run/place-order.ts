// The order of events where nothing else decides: newest first.
import { compareText } from '../values/order.ts';
import type { RowPlace } from './row.ts';

/** Below zero when `left` comes before `right`: later events first, of equal times those accepted later. */
export function comparePlaces(left: RowPlace, right: RowPlace): number {
  return (
    right.timestampMs - left.timestampMs ||
    right.sequence - left.sequence ||
    compareText(left.log, right.log) ||
    left.ordinal - right.ordinal
  );
}
