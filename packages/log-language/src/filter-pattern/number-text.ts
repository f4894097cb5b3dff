// Numbers as texts, compared exactly: identifiers of 64 bits do not fit into a double.

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** So many digits always survive in a double, unless it overflows. */
const EXACT_CHARS_MAX = 15;
const HUGE = /e[+-]?\d{3}/i;
const EXPONENT_MAX = 1_000_000;

export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}

/** The number as a double; undefined when that might not hold all its digits. */
export function exactDouble(text: string): number | undefined {
  return text.length <= EXACT_CHARS_MAX && !HUGE.test(text) ? Number(text) : undefined;
}

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. Both are numbers. */
export function compareNumbers(left: string, right: string): number {
  const leftDouble = exactDouble(left);
  const rightDouble = exactDouble(right);
  if (leftDouble !== undefined && rightDouble !== undefined) return Math.sign(leftDouble - rightDouble);
  return compareDecimals(decimalOf(left), decimalOf(right));
}

interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Without zeros at either end. The value is 0.DIGITS times ten to the power of `exponent`. */
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(text: string): Decimal {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  const leading = all.length - digits.length;
  const shift = Math.max(-EXPONENT_MAX, Math.min(EXPONENT_MAX, Number(power)));
  return {
    sign: digits === '' ? 0 : text.startsWith('-') ? -1 : 1,
    digits: digits.replace(/0+$/, ''),
    exponent: whole.length - leading + shift,
  };
}

function compareDecimals(left: Decimal, right: Decimal): number {
  if (left.sign !== right.sign || left.sign === 0) return left.sign - right.sign;
  if (left.exponent !== right.exponent) return left.sign * (left.exponent - right.exponent);
  if (left.digits === right.digits) return 0;
  return left.digits < right.digits ? -left.sign : left.sign;
}
