// Event ids: 56 digits, as AWS has them, ascending in the order of FilterLogEvents and unique in their group.
import type { StoredEvent } from '@pergola/log-store';

const TIME_DIGITS = 20;
const SEQUENCE_DIGITS = 36;

export function eventIdOf({ timestampMs, sequence }: Pick<StoredEvent, 'timestampMs' | 'sequence'>): string {
  return String(timestampMs).padStart(TIME_DIGITS, '0') + String(sequence).padStart(SEQUENCE_DIGITS, '0');
}
