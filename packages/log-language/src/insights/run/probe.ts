// A look at the number behind a key, wherever in the message the key stands: events that have the key only with
// numbers that fail a test are passed over before their JSON is read. What is not a plain whole number (fractions,
// exponents, strings, true) is left to the true reading.
import { afterBlanks, continuesNumber } from '../fields/json-bytes.ts';

export interface Probe {
  /** The last part of the field's name with the quote behind it, as it stands in the message. */
  readonly key: Buffer;
  readonly passes: (number: number) => boolean;
}

const colon = 0x3a;
/** So many digits fit into a double. */
const digitsMax = 15;

/** Whether the value behind the key that ends at `position` may pass; false when no value follows. */
export function mayPass(bytes: Uint8Array, position: number, end: number, { passes }: Probe): boolean {
  const separator = afterBlanks(bytes, position, end);
  if (separator >= end || bytes[separator] !== colon) return false;
  const start = afterBlanks(bytes, separator + 1, end);
  let at = start;
  let number = 0;
  for (; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  const digits = at - start;
  if (digits === 0 || digits > digitsMax || at >= end || continuesNumber[bytes[at] ?? 0] === 1) return true;
  return passes(number);
}
