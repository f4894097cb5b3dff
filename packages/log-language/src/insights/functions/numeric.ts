// Numeric functions.
import { compareSorted, sortValueOf } from '../values/order.ts';
import { numberIn, render, toNumber, toText, type Value } from '../values/value.ts';
import { finite, type LanguageFunction, ofNumber, unary, variadic } from './function.ts';

const many = 100;
const earthRadiusKm = 6371;

export const numericFunctions: Readonly<Record<string, LanguageFunction>> = {
  abs: ofNumber(Math.abs),
  ceil: ofNumber(Math.ceil),
  floor: ofNumber(Math.floor),
  log: ofNumber(Math.log),
  sqrt: ofNumber(Math.sqrt),
  round: variadic(1, 2, round),
  greatest: variadic(1, many, (...values) => extreme(values, 1)),
  least: variadic(1, many, (...values) => extreme(values, -1)),
  haversine: variadic(4, 4, haversine),
  tonumber: unary(toNumber),
  todouble: unary(toNumber),
  toint: unary((value) => integer(value, 31n)),
  tolong: unary((value) => integer(value, 63n)),
};

/** Halves are rounded away from zero. */
function round(value: Value, places: Value): Value {
  const number = toNumber(value);
  if (number === undefined) return undefined;
  const digits = places === undefined ? 0 : toNumber(places);
  if (digits === undefined || !Number.isInteger(digits) || Math.abs(digits) > 15) return undefined;
  // Shifting the decimal point in the notation, unlike multiplying, does not make 1.005 smaller than it looks.
  const shifted = Math.round(shift(Math.abs(number), digits));
  return finite(Math.sign(number) * shift(shifted, -digits));
}

function shift(number: number, places: number): number {
  const [mantissa = '0', exponent = '0'] = number.toExponential().split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

/** The largest or smallest of the values that are present. */
function extreme(values: readonly Value[], sign: 1 | -1): Value {
  let best: Value;
  for (const value of values) {
    if (value === undefined) continue;
    if (best === undefined || compareSorted(sortValueOf(value), sortValueOf(best)) * sign > 0) best = value;
  }
  return best;
}

function haversine(...degrees: Value[]): Value {
  const [fromLatitude, fromLongitude, toLatitude, toLongitude] = degrees.map((value) => {
    const number = toNumber(value);
    return number === undefined ? Number.NaN : (number * Math.PI) / 180;
  });
  const from = fromLatitude ?? 0;
  const to = toLatitude ?? 0;
  const across = Math.sin(((toLongitude ?? 0) - (fromLongitude ?? 0)) / 2) ** 2;
  const half = Math.sin((to - from) / 2) ** 2 + Math.cos(from) * Math.cos(to) * across;
  return finite(2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(half))));
}

/** The whole part, when it fits into a signed integer; text keeps all its digits. */
function integer(value: Value, bits: bigint): Value {
  const text = toText(value);
  const whole =
    text !== undefined && /^[+-]?\d{1,40}$/.test(text) ? BigInt(text.replace('+', '')) : truncated(value);
  if (whole === undefined || whole >= 1n << bits || whole < -(1n << bits)) return undefined;
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole.toString();
}

function truncated(value: Value): bigint | undefined {
  const number = toNumber(value);
  return number === undefined || !Number.isFinite(number) ? undefined : BigInt(Math.trunc(number));
}

/** Arithmetic of two values; absent when either is not a number or the result is not finite. */
export function calculate(operator: string, left: Value, right: Value): Value {
  const a = toNumber(left);
  const b = toNumber(right);
  if (a === undefined || b === undefined) return undefined;
  return finite(operate(operator, a, b));
}

function operate(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    default:
      return a ** b;
  }
}

/** `0xff`, `ff`, `-0x1` as a number. */
export function hexToDecimal(value: Value): Value {
  const [, sign = '', digits] = /^(-?)(?:0[xX])?([0-9a-fA-F]{1,16})$/.exec(toText(value) ?? '') ?? [];
  if (digits === undefined) return undefined;
  const whole = BigInt(`0x${digits}`);
  const number = Number(whole);
  if (!Number.isSafeInteger(number)) return `${sign}${whole}`;
  return sign === '-' ? 0 - number : number;
}

export function decimalToHex(value: Value): Value {
  const whole = value === undefined ? undefined : integerOf(value);
  if (whole === undefined) return undefined;
  return whole < 0n ? `-0x${(-whole).toString(16)}` : `0x${whole.toString(16)}`;
}

function integerOf(value: Exclude<Value, undefined>): bigint | undefined {
  const text = render(value);
  if (/^-?\d{1,40}$/.test(text)) return BigInt(text);
  const number = numberIn(text);
  return number === undefined ? undefined : BigInt(Math.trunc(number));
}
