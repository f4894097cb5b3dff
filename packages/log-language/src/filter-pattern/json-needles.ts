// Bytes that must be in a JSON text if a test on it is to hold. Sound, not complete: a test may fail although its
// needles are there, but never hold without them, except where characters are written as \uXXXX.
import { type Condition, holdsFor } from './condition.ts';
import type { Needle } from './event-cursor.ts';
import type { JsonLeaf } from './json-leaf.ts';
import type { SelectorStep } from './json-selector.ts';
import { type Needles, needles } from './matcher.ts';
import { isNumber } from './number-text.ts';

export const unicodeEscape: Needle = { bytes: Buffer.from('\\u') };

/** Characters that JSON has a second way to write: a backslash and a letter, or a backslash before them. */
const ESCAPABLE = /["\\/\p{Cc}]/u;

export function leafNeedles(leaf: JsonLeaf): Needles | undefined {
  if (leaf.kind === 'absent') return undefined;
  const { steps } = leaf.selector;
  if (leaf.kind === 'is') return keyNeedles(steps);
  if (leaf.condition.kind === 'number') return numberNeedles(steps, leaf.condition);
  const bytes = valueBytes(leaf.condition);
  return bytes ? needles({ bytes }, true) : keyNeedles(steps);
}

/** The longest of the names. */
function keyNeedles(steps: readonly SelectorStep[]): Needles | undefined {
  const keys = steps.filter((step): step is string => typeof step === 'string' && !ESCAPABLE.test(step));
  const longest = keys.reduce((best, key) => (key.length > best.length ? key : best), '');
  return longest === '' ? undefined : needles({ bytes: keyBytes(longest) }, false);
}

/** The last name, and behind it a value that may satisfy the condition. */
function numberNeedles(
  steps: readonly SelectorStep[],
  condition: Condition & { kind: 'number' },
): Needles | undefined {
  const last = steps.at(-1);
  const { operator, double } = condition;
  const named = typeof last === 'string' && !ESCAPABLE.test(last);
  if (!named || double === undefined) return keyNeedles(steps);
  const follows = (bytes: Buffer, at: number, end: number) => {
    const value = integerBehind(bytes, at, end);
    return value === undefined || holdsFor(operator, value - double);
  };
  return needles({ bytes: keyBytes(last), follows }, true);
}

function keyBytes(key: string): Buffer {
  return Buffer.from(`"${key}"`);
}

function valueBytes(condition: Condition & { kind: 'text' | 'regex' }): Buffer | undefined {
  if (condition.operator !== '=') return undefined;
  if (condition.kind === 'regex') return longestPart(condition.machine.needle?.toString() ?? '');
  const { text, openStart, openEnd } = condition;
  // Only a string can be equal to a text that is no number, and strings stand in quotes.
  const whole = !openStart && !openEnd && !isNumber(text) && !ESCAPABLE.test(text);
  return whole ? Buffer.from(`"${text}"`) : longestPart(text);
}

function longestPart(text: string): Buffer | undefined {
  const parts = text.split(ESCAPABLE);
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '');
  return longest === '' ? undefined : Buffer.from(longest);
}

const COLON = 0x3a;
const MINUS = 0x2d;
/** More digits than these may not fit into a double. */
const DIGITS_MAX = 15;

/** The plain integer behind the name that ends at `at`; undefined when there is anything else. */
function integerBehind(bytes: Buffer, at: number, end: number): number | undefined {
  let next = skipSpace(bytes, at);
  if (bytes[next] !== COLON) return undefined;
  next = skipSpace(bytes, next + 1);
  const negative = bytes[next] === MINUS;
  if (negative) next += 1;
  let value = 0;
  const first = next;
  for (let digit = digitAt(bytes, next); digit >= 0 && digit <= 9; digit = digitAt(bytes, next)) {
    value = value * 10 + digit;
    next += 1;
  }
  const digits = next - first;
  const plain = next < end && digits > 0 && digits <= DIGITS_MAX && !continues(bytes[next]);
  if (!plain) return undefined;
  return negative ? -value : value;
}

function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  while ((bytes[next] ?? 0xff) <= 0x20) next += 1;
  return next;
}

function digitAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) - 0x30;
}

/** `.`, `e` and `E` go on with a number. */
function continues(byte: number | undefined): boolean {
  return byte === 0x2e || byte === 0x65 || byte === 0x45;
}
