// `$.users[0].name`, `$.list[*]`, `$.['dotted.key']`: where in a JSON event a value is.
import { isRecord } from '@pergola/kernel';
import { invalidPattern } from './pattern-failure.ts';
import type { PatternText } from './pattern-text.ts';

/** A property, an element, or any of them. */
export type SelectorStep = string | number | typeof anything;
export const anything = Symbol('*');

export interface Selector {
  /** As it is written. */
  readonly source: string;
  readonly steps: readonly SelectorStep[];
}

/** Where a value was found: properties and elements from the root on. */
export type ValuePath = readonly (string | number)[];

export function readSelector(text: PatternText): Selector {
  const start = text.at;
  if (!text.take('$')) throw text.unexpected("a selector that begins with '$.'");
  const steps: SelectorStep[] = [];
  for (let step = readStep(text); step !== undefined; step = readStep(text)) steps.push(step);
  const [first] = steps;
  if (first === undefined) throw text.unexpected("'.' and a property");
  if (typeof first === 'number') throw invalidPattern('a selector must begin with a property', start);
  if (steps.filter((step) => step === anything).length > 1)
    throw invalidPattern('a selector holds at most one wildcard', start);
  return { source: text.text.slice(start, text.at), steps };
}

function readStep(text: PatternText): SelectorStep | undefined {
  if (text.take('.')) {
    if (text.next === '[') return readBracket(text);
    if (text.take('*')) return anything;
    const name = text.read(/[\w-]+/y);
    if (name === '') throw text.unexpected('a property');
    return name;
  }
  return text.next === '[' ? readBracket(text) : undefined;
}

function readBracket(text: PatternText): SelectorStep {
  text.take('[');
  const step = readInside(text);
  if (!text.take(']')) throw text.unexpected("']'");
  return step;
}

function readInside(text: PatternText): SelectorStep {
  if (text.take('*')) return anything;
  if (text.next === '"') return text.readQuoted();
  if (text.next === "'")
    return text
      .read(/'(?:[^'\\]|\\[^])*'/y)
      .slice(1, -1)
      .replace(/\\(['\\])/g, '$1');
  const digits = text.read(/\d{1,9}/y);
  if (digits === '') throw text.unexpected('an index');
  return Number(digits);
}

/** True when `visit` says so of a value that the selector reaches. */
export function reaches(
  root: unknown,
  { steps }: Selector,
  visit: (value: unknown, path: ValuePath) => boolean,
): boolean {
  const wild = steps.indexOf(anything);
  if (wild < 0) {
    const path = steps as ValuePath;
    const value = follow(root, path);
    return value !== undefined && visit(value, path);
  }
  const before = steps.slice(0, wild) as ValuePath;
  const after = steps.slice(wild + 1) as ValuePath;
  const holder = follow(root, before);
  return childrenOf(holder).some(([key, child]) => {
    const value = follow(child, after);
    return value !== undefined && visit(value, [...before, key, ...after]);
  });
}

function follow(value: unknown, path: ValuePath): unknown {
  for (const step of path) {
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return undefined;
      value = value[step];
    } else {
      if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
      value = value[step];
    }
  }
  return value;
}

function childrenOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((child, index) => [index, child] as const);
  return isRecord(value) ? Object.entries(value) : [];
}
