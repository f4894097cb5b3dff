// Keys as bytes whose order under memcmp is the order of the values, and which end where they end: parts can follow one
// another. Strings and bytes escape zero; numbers are sign, exponent, and digits in pairs.
import type { AttributeValue } from '../attribute-value.ts';
import { BugError } from '@pergola/kernel';
import { parseDecimal } from './decimal.ts';

const NEGATIVE = 1;
const ZERO = 2;
const POSITIVE = 3;
const EXPONENT_BIAS = 130;

/** The bytes of one key value or of several, one after another. Only S, N and B can be keys. */
export function keyBytes(...values: readonly AttributeValue[]): Uint8Array {
  return Buffer.concat(values.map(partBytes));
}

/**
 * What the bytes of every S or B begin with that begins with the given one: the same without its end. Together with the
 * bytes of the parts before it, it is the prefix for `begins_with`.
 */
export function keyPrefixBytes(value: AttributeValue): Uint8Array {
  if ('S' in value) return escaped(Buffer.from(value.S));
  if ('B' in value) return escaped(value.B);
  throw new BugError('only strings and bytes have prefixes');
}

function partBytes(value: AttributeValue): Uint8Array {
  if ('S' in value) return ended(escaped(Buffer.from(value.S)));
  if ('B' in value) return ended(escaped(value.B));
  if ('N' in value) return numberKeyBytes(value.N);
  throw new BugError('a key is a string, a number or bytes');
}

/** Zero bytes become 00 FF, so that the end, 00 01, is lower than anything that may follow instead. */
function escaped(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0)) return bytes;
  const out: number[] = [];
  for (const byte of bytes) {
    out.push(byte);
    if (byte === 0) out.push(0xff);
  }
  return Uint8Array.from(out);
}

function ended(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 2);
  out.set(bytes);
  out[bytes.length + 1] = 1;
  return out;
}

function numberKeyBytes(text: string): Uint8Array {
  const { negative, digits, exponent } = parseDecimal(text);
  if (digits === '') return Uint8Array.of(ZERO);
  const pairs = Math.ceil(digits.length / 2);
  const out = new Uint8Array(pairs + 3);
  out[1] = exponent + EXPONENT_BIAS;
  for (let pair = 0; pair < pairs; pair += 1)
    out[2 + pair] = 1 + Number(digits.slice(2 * pair, 2 * pair + 2).padEnd(2, '0'));
  if (negative) for (let at = 1; at < out.length; at += 1) out[at] = 0xff - (out[at] ?? 0);
  out[0] = negative ? NEGATIVE : POSITIVE;
  return out;
}
