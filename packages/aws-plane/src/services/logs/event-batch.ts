// What PutLogEvents demands of a batch, and which of its events are accepted.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
import { EventColumns } from '@pergola/log-store';
import { faults } from './faults.ts';

const BATCH_BYTES_MAX = 1_048_576;
/** A megabyte with its overhead: no event is larger than the batch it comes in. */
const EVENT_BYTES_MAX = 1_048_576;
/** Counted for each event beside its message. */
const EVENT_OVERHEAD_BYTES = 26;
const SPAN_MS_MAX = 24 * 3_600_000;
const FUTURE_MS_MAX = 2 * 3_600_000;
const PAST_MS_MAX = 14 * 24 * 3_600_000;

/** An event as the request has it. */
export interface InputEvent {
  readonly timestamp?: number | undefined;
  readonly message?: string | undefined;
}

/** Indices into the batch; absent when no event is refused for that reason. */
export interface RejectedEvents {
  /** This event and all behind it. */
  readonly tooNewLogEventStartIndex?: number;
  /** All events before this one. */
  readonly tooOldLogEventEndIndex?: number;
  readonly expiredLogEventEndIndex?: number;
}

export interface SortedBatch {
  /** In the order of the batch, which is that of time. May be empty. */
  readonly accepted: EventColumns;
  readonly rejected: RejectedEvents | undefined;
}

/** Instants between which events are accepted. */
export interface Acceptance {
  readonly nowMs: number;
  /** Older events have expired; 0 when events are kept for ever. */
  readonly expiryMs: number;
}

/** Throws when the batch as a whole is not allowed: its size, its order, its span. */
export function sortBatch(batch: readonly InputEvent[] | EventColumns, acceptance: Acceptance): SortedBatch {
  const events = batch instanceof EventColumns ? batch : EventColumns.from(batch.map(eventOf));
  const { timestampsMs: times } = events;
  assertSize(events);
  assertOrder(times);
  const { nowMs, expiryMs } = acceptance;
  const tooNew = firstIndex(times, nowMs + FUTURE_MS_MAX + 1);
  const tooOld = firstIndex(times, nowMs - PAST_MS_MAX);
  const expired = firstIndex(times, expiryMs);
  const start = Math.max(tooOld, expired);
  const whole = start === 0 && tooNew === events.length;
  const accepted = whole ? events : events.slice(start, Math.max(start, tooNew));
  assertSpan(accepted.timestampsMs);
  if (whole) return { accepted, rejected: undefined };
  const rejected = {
    ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  };
  return { accepted, rejected };
}

function eventOf({ timestamp = 0, message = '' }: InputEvent) {
  return { timestampMs: Math.trunc(timestamp), message };
}

function assertSize(events: EventColumns): void {
  for (let index = 0; index < events.length; index++) {
    const eventBytes = events.sizeAt(index) + EVENT_OVERHEAD_BYTES;
    if (eventBytes > EVENT_BYTES_MAX) throw faults.eventTooLarge(eventBytes, EVENT_BYTES_MAX);
  }
  const sizeBytes = events.messageBytes + events.length * EVENT_OVERHEAD_BYTES;
  if (sizeBytes > BATCH_BYTES_MAX) throw faults.uploadTooLarge(sizeBytes, BATCH_BYTES_MAX);
}

function assertOrder(times: Float64Array): void {
  let latestMs = 0;
  for (let index = 0; index < times.length; index++) {
    const timestampMs = times[index] ?? 0;
    if (timestampMs < 0) throw faults.negative(`logEvents.${index + 1}.member.timestamp`, timestampMs);
    if (timestampMs < latestMs) throw faults.notChronological();
    latestMs = timestampMs;
  }
}

function assertSpan(times: Float64Array): void {
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  if (last - first > SPAN_MS_MAX) throw faults.spanTooLong();
}

/** The first event that is not older than `sinceMs`; the count when all are. */
function firstIndex(times: Float64Array, sinceMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < sinceMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
