// Bytes that must be in a JSON text if a test on it is to hold. Sound, not complete: a test may fail although its
// needles are there, but never hold without them, except where characters are written as \uXXXX.
import type { Condition } from './condition.ts';
import type { JsonLeaf } from './json-leaf.ts';
import type { SelectorStep } from './json-selector.ts';
import { type Needles, needle } from './matcher.ts';
import { isNumber } from './number-text.ts';

export const UNICODE_ESCAPE = Buffer.from('\\u');

/** Characters that JSON has a second way to write: a backslash and a letter, or a backslash before them. */
const ESCAPABLE = /["\\/\p{Cc}]/u;

export function leafNeedles(leaf: JsonLeaf): Needles | undefined {
  if (leaf.kind === 'absent') return undefined;
  const value = leaf.kind === 'compare' ? valueNeedle(leaf.condition) : undefined;
  return value ? needle(value, true) : keyNeedles(leaf.selector.steps);
}

/** The longest of the names. */
function keyNeedles(steps: readonly SelectorStep[]): Needles | undefined {
  const keys = steps.filter((step): step is string => typeof step === 'string' && !ESCAPABLE.test(step));
  const longest = keys.reduce((best, key) => (key.length > best.length ? key : best), '');
  return longest === '' ? undefined : needle(Buffer.from(`"${longest}"`), false);
}

function valueNeedle(condition: Condition): Buffer | undefined {
  if (condition.operator !== '=' || condition.kind === 'number') return undefined;
  if (condition.kind === 'regex') {
    const found = condition.machine.needle?.toString() ?? '';
    return longestPart(found);
  }
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
