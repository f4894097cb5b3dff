// DynamoDB's numbers: decimals of at most 38 digits, from 1E-130 to 9.9…9E+125, exact. On the wire and in items they are
// texts; the canonical text is plain, without exponent and superfluous zeros.
import { ItemLanguageError } from '../item-language-error.ts';

/** sign × d.ddd… × 10^exponent. Digits have no zeros at either end; zero has no digits. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const DIGITS_MAX = 38;
const EXPONENT_MAX = 125;
const EXPONENT_MIN = -130;
/** Far beyond any number that is kept: a bound for the work on hostile texts. */
const TEXT_MAX = 1_024;

const SYNTAX = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,9}))?$/;
const CANONICAL = /^(?:0|-?(?:[1-9]\d{0,14}|(?:0|[1-9]\d{0,6})\.\d{0,7}[1-9]))$/;

/** Reads a number. Throws in DynamoDB's words when it is none, too large, too small or too long. */
export function parseDecimal(text: string): Decimal {
  if (text === '') throw new ItemLanguageError('The parameter cannot be converted to a numeric value');
  const match = text.length > TEXT_MAX ? null : SYNTAX.exec(text);
  if (match === null)
    throw new ItemLanguageError(
      `The parameter cannot be converted to a numeric value: ${text.slice(0, TEXT_MAX)}`,
    );
  const whole = match[2] ?? '';
  const fraction = match[3] ?? match[4] ?? '';
  return bounded(match[1] === '-', whole + fraction, whole.length - 1 + Number(match[5] ?? 0));
}

/** The decimal whose digits, the first of which stands for 10^exponent, may have zeros at both ends. */
function bounded(negative: boolean, raw: string, first: number): Decimal {
  let start = 0;
  while (start < raw.length && raw.charCodeAt(start) === 48) start += 1;
  let end = raw.length;
  while (end > start && raw.charCodeAt(end - 1) === 48) end -= 1;
  if (start === end) return { negative: false, digits: '', exponent: 0 };
  const exponent = first - start;
  if (exponent > EXPONENT_MAX) throw overflow();
  if (exponent < EXPONENT_MIN)
    throw new ItemLanguageError(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  if (end - start > DIGITS_MAX)
    throw new ItemLanguageError('Attempting to store more than 38 significant digits in a Number');
  return { negative, digits: raw.slice(start, end), exponent };
}

function overflow(): ItemLanguageError {
  return new ItemLanguageError(
    'Number overflow. Attempting to store a number with magnitude larger than supported range',
  );
}

/** The plain text: as many zeros as it takes, never an exponent. */
function printDecimal({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (exponent >= digits.length - 1) return sign + digits + '0'.repeat(exponent - digits.length + 1);
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** The canonical text of a number. Throws as `parseDecimal` does. */
export function canonicalNumber(text: string): string {
  return CANONICAL.test(text) ? text : printDecimal(parseDecimal(text));
}

/** Orders two canonical texts by their numbers. */
export function compareNumbers(left: string, right: string): number {
  // Doubles tell all decimals of 15 digits apart.
  if (left.length <= 15 && right.length <= 15) return Number(left) - Number(right);
  return left === right ? 0 : compareDecimals(parseDecimal(left), parseDecimal(right));
}

function compareDecimals(left: Decimal, right: Decimal): number {
  const sign = signOf(left);
  if (sign !== signOf(right)) return sign - signOf(right);
  if (left.exponent !== right.exponent) return sign * (left.exponent - right.exponent);
  if (left.digits === right.digits) return 0;
  return left.digits < right.digits ? -sign : sign;
}

function signOf({ negative, digits }: Decimal): number {
  return digits === '' ? 0 : negative ? -1 : 1;
}

/** The exact sum of two numbers, as canonical text. Throws when it has too many digits or is too large. */
export function addNumbers(left: string, right: string): string {
  return combine(left, right, 1n);
}

/** The exact difference of two numbers, as canonical text. */
export function subtractNumbers(left: string, right: string): string {
  return combine(left, right, -1n);
}

function combine(left: string, right: string, factor: 1n | -1n): string {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  const unit = Math.min(unitOf(a), unitOf(b));
  const sum = scaled(a, unit) + factor * scaled(b, unit);
  const raw = (sum < 0n ? -sum : sum).toString();
  // A result of too many digits is an overflow to DynamoDB, as one that is too large.
  if (raw.replace(/0+$/, '').length > DIGITS_MAX) throw overflow();
  return printDecimal(bounded(sum < 0n, raw, raw.length - 1 + unit));
}

/** The power of ten that the last digit stands for. */
function unitOf({ digits, exponent }: Decimal): number {
  return digits === '' ? 0 : exponent - digits.length + 1;
}

function scaled(number: Decimal, unit: number): bigint {
  if (number.digits === '') return 0n;
  const magnitude = BigInt(number.digits) * 10n ** BigInt(unitOf(number) - unit);
  return number.negative ? -magnitude : magnitude;
}
