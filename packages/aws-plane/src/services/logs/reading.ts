// What the reading operations share: the size of a page, and the span of time that a request asks for.
import { faults } from './faults.ts';

/** Most events of a page, and the default. */
export const PAGE_EVENTS = 10_000;
/** Of messages. */
export const PAGE_BYTES = 1_048_576;
/** A page may end after so long, with a token and maybe without events, so that no call holds the others up. */
export const PAGE_MS = 1_000;

/** No event is later: milliseconds of the year 5138, thirteen digits and a bit. */
export const LATEST_MS = 99_999_999_999_999;

/** `[fromMs, toMs)`. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface WantedSpan {
  /** Inclusive. */
  readonly startMs: number | undefined;
  /** Exclusive. */
  readonly endMs: number | undefined;
  /** Nothing older is shown. */
  readonly expiryMs?: number;
}

/** Keeps what is asked for within the instants that tokens can hold. */
export function spanOf({ startMs = 0, endMs = LATEST_MS, expiryMs = 0 }: WantedSpan): Span {
  const bounded = (instant: number) => Math.min(Math.max(Math.trunc(instant), 0), LATEST_MS);
  return { fromMs: bounded(Math.max(startMs, expiryMs)), toMs: bounded(endMs) };
}

/** Throws for an instant before 1970. */
export function assertInstants(instants: Readonly<Record<string, number | undefined>>): void {
  for (const [member, value] of Object.entries(instants)) {
    if (value !== undefined && value < 0) throw faults.negative(member, value);
  }
}
