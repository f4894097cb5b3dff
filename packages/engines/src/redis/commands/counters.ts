// Strings that are numbers.
import { command, type Command, oneKey } from '../command.ts';
import { addBigIntegers, bigIntegerOf, floatOf, floatOrUndefined, formatFloat } from '../data/numbers.ts';
import { faults, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';

const traits = { topic: 'string', flags: 'write denyoom fast', keys: oneKey } as const;
/** Sums of numbers up to this many digits are exact without a BigInt. */
const EASY_DIGITS = 15;

function add({ space }: Session, key: string, delta: string): Reply {
  const text = space.string(key) ?? '0';
  if (text.length < EASY_DIGITS && delta.length < EASY_DIGITS && /^(?:0|-?[1-9]\d*)$/.test(text)) {
    const sum = Number(text) + Number(delta);
    space.replace(key, String(sum));
    return sum;
  }
  const sum = addBigIntegers(bigIntegerOf(text), BigInt(delta));
  if (sum === undefined) throw faults.error('increment or decrement would overflow');
  space.replace(key, String(sum));
  return sum;
}

function negated(text: string): string {
  const value = bigIntegerOf(text);
  if (value === -(2n ** 63n)) throw faults.error('decrement would overflow');
  return String(-value);
}

function addFloat({ space }: Session, [key = '', delta]: string[]): Reply {
  const value = floatOrUndefined(space.string(key) ?? '0');
  if (value === undefined) throw faults.notFloat();
  const sum = value + floatOf(delta);
  if (!Number.isFinite(sum)) throw faults.error('increment would produce NaN or Infinity');
  const text = formatSum(sum);
  space.replace(key, text);
  return text;
}

/** Sums are kept without an exponent and without the noise of binary fractions behind 15 digits. */
export function formatSum(sum: number): string {
  const text = formatFloat(Math.abs(sum) < 1e15 ? Number(sum.toPrecision(15)) : sum);
  return text.includes('e') ? sum.toFixed(17).replace(/\.?0+$/, '') : text;
}

export const counterCommands: readonly Command[] = [
  command('incr', 2, traits, (session, [key = '']) => add(session, key, '1')),
  command('decr', 2, traits, (session, [key = '']) => add(session, key, '-1')),
  command('incrby', 3, traits, (session, [key = '', delta = '']) =>
    add(session, key, String(bigIntegerOf(delta))),
  ),
  command('decrby', 3, traits, (session, [key = '', delta = '']) => add(session, key, negated(delta))),
  command('incrbyfloat', 3, traits, addFloat),
];
