// General functions, and those on JSON and hashes.
import { createHash } from 'node:crypto';
import { isRecord, type Json } from '@pergola/kernel';
import { QueryFailure } from '../syntax/token.ts';
import { isTrue, render, structure, toNumber, toText, type Value } from '../values/value.ts';
import {
  type Argument,
  type Evaluate,
  type LanguageFunction,
  ofText,
  ofTexts,
  unary,
  variadic,
} from './function.ts';

const many = 100;
/** Of `case`: ten branches and a default. */
const caseMax = 21;

export const generalFunctions: Readonly<Record<string, LanguageFunction>> = {
  // There are no data protection policies: nothing is masked.
  unmask: unary((value) => value),
  ispresent: unary((value) => Number(value !== undefined)),
  coalesce: variadic(1, many, (...values) => values.find((value) => value !== undefined)),
  if: { least: 3, most: 3, compile: choose },
  case: { least: 2, most: caseMax, compile: choose },
  isnumeric: unary((value) => Number(typeof value !== 'object' && toNumber(value) !== undefined)),
  messagesize: ofText((text) => Buffer.byteLength(text)),
  histogram: variadic(2, 2, bucket),
  jsonparse: ofText((text) => {
    const json = parseJson(text);
    return typeof json === 'object' && json !== null ? structure(json) : undefined;
  }),
  jsonstringify: unary((value) =>
    typeof value === 'object' && value.kind === 'structure' ? render(value) : undefined,
  ),
  jsonarraysize: unary((value) => listIn(value)?.length),
  jsonarraycontains: variadic(2, 2, (value, wanted) =>
    Number(listIn(value)?.some((item) => itemIs(item, wanted)) ?? false),
  ),
  md5: ofTexts(1, 1, (text) => createHash('md5').update(text).digest('hex')),
  sha256: ofTexts(1, 1, (text) => createHash('sha256').update(text).digest('hex')),
};

/** `if` and `case`: the value behind the first condition that is true, else the last one when it stands alone. */
function choose(given: readonly Argument[]): Evaluate {
  const evaluates = given.map((argument) => argument.evaluate);
  const branches = evaluates.length - (evaluates.length % 2);
  return (row) => {
    for (let index = 0; index < branches; index += 2) {
      if (isTrue(evaluates[index]?.(row))) return evaluates[index + 1]?.(row);
    }
    return evaluates[branches]?.(row);
  };
}

/** The lower end of the bucket of a width in which a number lies. */
function bucket(value: Value, width: Value): Value {
  const number = toNumber(value);
  const span = toNumber(width);
  if (number === undefined || span === undefined || span <= 0) return undefined;
  return Math.floor(number / span) * span;
}

export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Not JSON: there is no value.
    return undefined;
  }
}

function listIn(value: Value): readonly Json[] | undefined {
  const json =
    typeof value === 'object' && value.kind === 'structure' ? value.json : parseJson(toText(value) ?? '');
  return Array.isArray(json) ? (json as readonly Json[]) : undefined;
}

function itemIs(item: Json, wanted: Value): boolean {
  const text = toText(wanted);
  if (text === undefined || isRecord(item) || Array.isArray(item) || item === null) return false;
  return String(item) === text;
}

/** A literal count of arguments is part of a function's name in messages. */
export function wrongCount(
  name: string,
  { least, most }: LanguageFunction,
  node: Argument['node'],
): QueryFailure {
  const count = least === most ? String(least) : `${least} to ${most}`;
  return new QueryFailure(`the function ${name} takes ${count} arguments`, node);
}
