// What a function of the language is, and the shorthands to write one.
import type { QueryContext } from '../contract.ts';
import type { Row } from '../run/row.ts';
import type { Expression } from '../syntax/expression.ts';
import { toNumber, toText, type Value } from '../values/value.ts';

export type Evaluate = (row: Row) => Value;

/** An argument of a call: how to evaluate it, and its value when it is a literal. */
export interface Argument {
  readonly node: Expression;
  readonly evaluate: Evaluate;
  readonly constant: Value;
}

export interface LanguageFunction {
  readonly least: number;
  readonly most: number;
  /** Makes the evaluation for these arguments. Throws a QueryFailure when a literal among them is wrong. */
  readonly compile: (given: readonly Argument[], context: QueryContext) => Evaluate;
}

const absent: Argument = {
  node: { kind: 'string', value: '', start: 0, end: 0 },
  evaluate: () => undefined,
  constant: undefined,
};

export function argumentAt(given: readonly Argument[], index: number): Argument {
  return given[index] ?? absent;
}

/** A function of one value. */
export function unary(apply: (value: Value) => Value): LanguageFunction {
  return {
    least: 1,
    most: 1,
    compile: (given) => {
      const { evaluate } = argumentAt(given, 0);
      return (row) => apply(evaluate(row));
    },
  };
}

/** A function of one number; absent when its argument is none, or its result is not finite. */
export function ofNumber(apply: (value: number) => Value): LanguageFunction {
  return unary((value) => {
    const number = toNumber(value);
    return number === undefined ? undefined : finite(apply(number));
  });
}

/** A function of one text; absent when its argument is absent, a map or a list. */
export function ofText(apply: (text: string) => Value): LanguageFunction {
  return unary((value) => {
    const text = toText(value);
    return text === undefined ? undefined : apply(text);
  });
}

/** A function of `least` to `most` values. */
export function variadic(
  least: number,
  most: number,
  apply: (...values: Value[]) => Value,
): LanguageFunction {
  return {
    least,
    most,
    compile: (given) => {
      const evaluates = given.map((argument) => argument.evaluate);
      return (row) => apply(...evaluates.map((evaluate) => evaluate(row)));
    },
  };
}

/** A function of texts, all of which must be there. */
export function ofTexts(least: number, most: number, apply: (...texts: string[]) => Value): LanguageFunction {
  return variadic(least, most, (...values) => {
    const texts: string[] = [];
    for (const value of values) {
      const text = toText(value);
      if (text === undefined) return undefined;
      texts.push(text);
    }
    return apply(...texts);
  });
}

/** What is not a finite number is absent. */
export function finite(value: Value): Value {
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
}
