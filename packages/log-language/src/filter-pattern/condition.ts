// `= value` and its kin: what the patterns for JSON and for columns compare a value with.
import { compareNumbers, exactDouble, isNumber } from './number-text.ts';
import { invalidCharacters } from './pattern-failure.ts';
import type { PatternText } from './pattern-text.ts';
import type { RegexMachine } from './regex-machine.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | {
      readonly kind: 'number';
      readonly operator: Operator;
      readonly number: string;
      /** The same number, where a double holds all its digits. */
      readonly double: number | undefined;
    }
  | {
      readonly kind: 'text';
      readonly operator: '=' | '!=';
      readonly text: string;
      /** True when anything may stand before, or after, the text: `*` at an end. Inside it `*` is itself. */
      readonly openStart: boolean;
      readonly openEnd: boolean;
    }
  | { readonly kind: 'regex'; readonly operator: '=' | '!='; readonly machine: RegexMachine };

const UNQUOTED = /[A-Za-z0-9_.*+-]+/y;

/** Reads an operator and a value. */
export function readCondition(text: PatternText): Condition {
  const operator = text.read(/!=|<=|>=|=|<|>/y) as Operator | '';
  if (operator === '') throw text.unexpected('a comparison');
  text.skipSpaces();
  const start = text.at;
  if (operator === '=' || operator === '!=') return readEquality(text, operator);
  const number = text.read(UNQUOTED);
  if (isNumber(number)) return numberCondition(operator, number);
  const found = number || (text.next === '"' ? `"${text.readQuoted()}"` : text.next);
  if (found === '') throw text.unexpected('a number');
  throw invalidCharacters(found, start);
}

function readEquality(text: PatternText, operator: '=' | '!='): Condition {
  if (text.next === '%') return { kind: 'regex', operator, machine: text.readRegex() };
  if (text.next === '"') return textCondition(operator, text.readQuoted());
  const found = text.read(UNQUOTED);
  if (found === '') throw text.unexpected('a value');
  return isNumber(found) ? numberCondition(operator, found) : textCondition(operator, found);
}

function numberCondition(operator: Operator, number: string): Condition {
  return { kind: 'number', operator, number, double: exactDouble(number) };
}

function textCondition(operator: '=' | '!=', written: string): Condition {
  const openStart = written.startsWith('*');
  const openEnd = written.endsWith('*');
  const text = written.slice(openStart ? 1 : 0, openEnd && written.length > 1 ? -1 : undefined);
  return { kind: 'text', operator, text, openStart, openEnd };
}

/** True when `value` satisfies the condition. */
export function satisfies(condition: Condition, value: string): boolean {
  if (condition.kind === 'number') return satisfiesNumber(condition, value);
  const wanted = condition.operator === '=';
  if (condition.kind === 'regex') return condition.machine.test(Buffer.from(value)) === wanted;
  const { text, openStart, openEnd } = condition;
  if (openStart && openEnd) return value.includes(text) === wanted;
  if (openStart) return value.endsWith(text) === wanted;
  if (openEnd) return value.startsWith(text) === wanted;
  return (value === text) === wanted;
}

function satisfiesNumber(condition: Condition & { kind: 'number' }, value: string): boolean {
  const { operator, number } = condition;
  if (!isNumber(value)) return operator === '!=';
  return holdsFor(operator, compareNumbers(value, number));
}

/** `order`: negative, zero or positive, as the value is less than, equal to or greater than what it is compared with. */
export function holdsFor(operator: Operator, order: number): boolean {
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}
