// The instant at the head of a CRI line, read from bytes. Runtimes write `2026-01-02T03:04:05.123456789Z`, CRI-O with
// the node's offset instead of `Z`; records always hold the first form.
import { type Line, timeLength } from './line.ts';

const dot = 0x2e;
const zulu = 0x5a;
const secondsLength = 19;

/** The whole of RFC 3339, for what is not written in the usual way. */
const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads the time that ends before `end` into `line`; false when it is none. */
export function readCriTime(bytes: Buffer, start: number, end: number, line: Line): boolean {
  if (end - start !== timeLength || bytes[end - 1] !== zulu || bytes[start + secondsLength] !== dot) {
    return readAnyTime(bytes.toString('latin1', start, end), line);
  }
  let nanos = 0;
  for (let at = start + secondsLength + 1; at < end - 1; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return false;
    nanos = nanos * 10 + digit;
  }
  if (!sameSecond(bytes, start, line.time)) {
    const millis = Date.parse(`${bytes.toString('latin1', start, start + secondsLength)}Z`);
    if (Number.isNaN(millis)) return false;
    line.seconds = millis / 1000;
  }
  for (let at = 0; at < timeLength; at++) line.time[at] = bytes[start + at] as number;
  line.nanos = nanos;
  line.timestampMs = line.seconds * 1000 + Math.trunc(nanos / 1_000_000);
  return true;
}

/** Sets the line's time from an RFC 3339 text; false when it is none. */
export function readAnyTime(text: string, line: Line): boolean {
  const found = rfc3339.exec(text);
  if (!found) return false;
  const [, date, clockTime, fraction = '', zone = 'Z'] = found;
  const millis = Date.parse(`${date}T${clockTime}${zone.toUpperCase()}`);
  if (Number.isNaN(millis)) return false;
  setTime(line, millis / 1000, Number(fraction.padEnd(9, '0')));
  return true;
}

/** Sets the line's time to an instant. */
export function setTime(line: Line, seconds: number, nanos: number): void {
  line.seconds = seconds;
  line.nanos = nanos;
  line.timestampMs = seconds * 1000 + Math.trunc(nanos / 1_000_000);
  line.time.write(
    `${new Date(seconds * 1000).toISOString().slice(0, secondsLength)}.${String(nanos).padStart(9, '0')}Z`,
    'latin1',
  );
}

/** Lines of the same second are the rule. Compared from the end, where a difference is found first. */
function sameSecond(bytes: Buffer, start: number, time: Buffer): boolean {
  for (let at = secondsLength - 1; at >= 0; at--) {
    if (bytes[start + at] !== time[at]) return false;
  }
  return true;
}
