// Numbers as Redis reads and writes them.
import { faults } from '../resp/reply.ts';

const MAX_64 = 2n ** 63n - 1n;
const MIN_64 = -(2n ** 63n);

/** A whole number without leading zeros, plus sign or spaces. Throws when it is none, or no safe one. */
export function integerOf(text: string | undefined): number {
  if (text === undefined || !/^(?:0|-?[1-9]\d{0,18})$/.test(text)) throw faults.notInteger();
  const value = Number(text);
  if (!Number.isSafeInteger(value) && !in64(BigInt(text))) throw faults.notInteger();
  return value;
}

function in64(value: bigint): boolean {
  return value <= MAX_64 && value >= MIN_64;
}

/** A signed number of 64 bits. */
export function bigIntegerOf(text: string): bigint {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) throw faults.notInteger();
  const value = BigInt(text);
  if (!in64(value)) throw faults.notInteger();
  return value;
}

/** Undefined when the sum leaves 64 bits. */
export function addBigIntegers(a: bigint, b: bigint): bigint | undefined {
  const sum = a + b;
  return in64(sum) ? sum : undefined;
}

export function floatOrUndefined(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (!infinite) return undefined;
  return infinite[1] === '-' ? -Infinity : Infinity;
}

export function floatOf(text: string | undefined): number {
  const value = floatOrUndefined(text);
  if (value === undefined) throw faults.notFloat();
  return value;
}

export function formatFloat(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A number that must not be negative. */
export function countOf(
  text: string | undefined,
  message = 'value is out of range, must be positive',
): number {
  const value = integerOf(text);
  if (value < 0) throw faults.error(message);
  return value;
}
