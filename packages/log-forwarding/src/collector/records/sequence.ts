// `openshift.sequence` of a log's records. It comes from the line's own time and not from the clock, so a line that is
// read again after a crash becomes the very same record.
import type { Sequence } from '../tail/progress.ts';

/** A number of nineteen digits must not begin with 0: lines that claim to be older count from here. */
const secondsMin = 1_000_000_000;
const nanosPerSecond = 1_000_000_000;

/** Moves `sequence` to the instant of a line, or by one when that is not later. */
export function advanceSequence(sequence: Sequence, seconds: number, nanos: number): void {
  const wanted = Math.max(seconds, secondsMin);
  const isLater = wanted > sequence.seconds || (wanted === sequence.seconds && nanos > sequence.nanos);
  if (isLater && wanted < 9_999_999_999) {
    sequence.seconds = wanted;
    sequence.nanos = nanos;
    return;
  }
  sequence.nanos += 1;
  if (sequence.nanos < nanosPerSecond) return;
  sequence.nanos = 0;
  sequence.seconds += 1;
}

/** The sequence as JSON writes it. */
export function renderSequence({ seconds, nanos }: Sequence): string {
  return `${seconds}${String(nanos).padStart(9, '0')}`;
}
