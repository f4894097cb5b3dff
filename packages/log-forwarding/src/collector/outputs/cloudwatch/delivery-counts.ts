// The numbers of one output, as its report tells them.
import type { DeliveryFailure, OutputReport } from '../../../config/delivery-report.ts';
import type { Rejections } from './logs-api.ts';

const failuresMax = 1000;

export class DeliveryCounts {
  lastDeliveredMs: number | undefined;
  deliveredEvents = 0;
  deliveredBytes = 0;
  retriedEvents = 0;
  requests = 0;
  readonly rejected = new Map<string, number>();
  /** Failed calls by reason. */
  readonly errors = new Map<string, number>();
  /** By stream; the newest last. A stream that delivers again is taken out. */
  readonly #failures = new Map<string, DeliveryFailure>();

  delivered(
    batch: { readonly events: number; readonly recordBytes: number },
    rejections: Rejections,
    nowMs: number,
  ): void {
    let refused = 0;
    for (const [reason, events] of Object.entries(rejections)) {
      this.reject(reason, events);
      refused += events;
    }
    this.deliveredEvents += batch.events - refused;
    this.deliveredBytes += batch.recordBytes;
    this.lastDeliveredMs = nowMs;
  }

  reject(reason: string, events: number): void {
    if (events > 0) this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + events);
  }

  failed(stream: string, failure: DeliveryFailure): void {
    const before = this.#failures.get(stream);
    const since = before?.reason === failure.reason ? before.since : failure.since;
    this.#failures.delete(stream);
    this.#failures.set(stream, { ...failure, since });
    this.errors.set(failure.reason, (this.errors.get(failure.reason) ?? 0) + 1);
    if (this.#failures.size <= failuresMax) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      break;
    }
  }

  recovered(stream: string): void {
    this.#failures.delete(stream);
  }

  get health(): string {
    const { failure } = this;
    if (failure) return `${failure.operation} ${failure.reason}`;
    return this.lastDeliveredMs === undefined ? 'idle' : 'delivers';
  }

  /** What keeps streams from delivering: what most of them say, with the time since when. */
  get failure(): DeliveryFailure | undefined {
    const byReason = new Map<string, { count: number; failure: DeliveryFailure; since: string }>();
    for (const failure of this.#failures.values()) {
      const known = byReason.get(failure.reason);
      const since = known && known.since < failure.since ? known.since : failure.since;
      byReason.set(failure.reason, { count: (known?.count ?? 0) + 1, failure, since });
    }
    let most: { count: number; failure: DeliveryFailure; since: string } | undefined;
    for (const candidate of byReason.values()) if (!most || candidate.count >= most.count) most = candidate;
    return most && { ...most.failure, since: most.since };
  }

  report(backlog: {
    readonly events: number;
    readonly bytes: number;
    readonly sinceMs: number | undefined;
  }): OutputReport {
    const { lastDeliveredMs, deliveredEvents, deliveredBytes, retriedEvents, failure } = this;
    return {
      ...(lastDeliveredMs === undefined ? {} : { lastDelivered: new Date(lastDeliveredMs).toISOString() }),
      deliveredEvents,
      deliveredBytes,
      backlogEvents: backlog.events,
      backlogBytes: backlog.bytes,
      ...(backlog.sinceMs === undefined ? {} : { backlogSince: new Date(backlog.sinceMs).toISOString() }),
      rejectedEvents: Object.fromEntries(this.rejected),
      retriedEvents,
      ...(failure === undefined ? {} : { failure }),
    };
  }
}
