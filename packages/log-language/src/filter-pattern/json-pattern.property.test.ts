// Patterns for JSON against a reading of their meaning that shares nothing with the compiler.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { patternOf } from './pattern.fixture.ts';

/** `*any` stands for any property or element. */
type Step = string | number;
type Holds = (nodes: readonly unknown[]) => boolean;
interface Leaf {
  readonly text: string;
  readonly steps: readonly Step[];
  readonly holds: Holds;
}

const keys = ['a', 'b', 'c-d'];
const scalars = fc.constantFrom<unknown>('x', 'xy', 'yx', '5', '', 5, 50, -0.5, 5e30, null, true, false);
const root = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalars, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 3, noNullPrototype: true }),
})).object;

const steps = fc
  .tuple(
    fc.constantFrom<Step>(...keys, '*any'),
    fc.array(fc.constantFrom<Step>(...keys, 0, 1, '*any'), { maxLength: 2 }),
  )
  .map(([first, rest]) => [first, ...rest])
  .filter((all) => all.filter((step) => step === '*any').length <= 1);

function selectorText(all: readonly Step[]): string {
  const texts = all.map((step) => {
    if (step === '*any') return '.*';
    return typeof step === 'number' ? `[${step}]` : `.${step}`;
  });
  return `$${texts.join('')}`;
}

/** All values that a selector reaches. */
function nodesOf(value: unknown, [step, ...rest]: readonly Step[]): readonly unknown[] {
  if (step === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*any') return Object.values(value).flatMap((child) => nodesOf(child, rest));
  const isArray = Array.isArray(value);
  if (isArray !== (typeof step === 'number') || !Object.hasOwn(value, step)) return [];
  return nodesOf((value as Record<string, unknown>)[step], rest);
}

const textOf = (node: unknown) => (typeof node === 'number' ? JSON.stringify(node) : node);
const isComparable = (node: unknown) => typeof node === 'string' || typeof node === 'number';

function like(pattern: string): (text: string) => boolean {
  const inner = pattern.replace(/^\*/, '').replace(/\*$/, '');
  const [start, end] = [pattern.startsWith('*') ? '.*' : '', pattern.endsWith('*') ? '.*' : ''];
  return (text) => new RegExp(`^${start}${inner}${end}$`, 's').test(text);
}

const orders: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

const textTest = fc
  .tuple(fc.constantFrom('=', '!='), fc.constantFrom('x', 'x*', '*y', '*', '*x*', '5', ''))
  .map(([operator, value]): [string, Holds] => [
    `${operator} "${value}"`,
    (nodes) =>
      nodes.some((node) => isComparable(node) && like(value)(String(textOf(node))) === (operator === '=')),
  ]);
const numberTest = fc
  .tuple(fc.constantFrom(...Object.keys(orders)), fc.constantFrom('5', '-.5', '5e1', '5e30'))
  .map(([operator, value]): [string, Holds] => [
    `${operator} ${value}`,
    (nodes) =>
      nodes.some((node) => {
        if (!isComparable(node)) return false;
        const isNumber = node !== '' && Number.isFinite(Number(node));
        return isNumber ? orders[operator]?.(Number(node), Number(value)) : operator === '!=';
      }),
  ]);
const kindTest = fc.constantFrom<[string, Holds]>(
  ['IS NULL', (nodes) => nodes.includes(null)],
  ['IS TRUE', (nodes) => nodes.includes(true)],
  ['IS FALSE', (nodes) => nodes.includes(false)],
  ['NOT EXISTS', (nodes) => nodes.length === 0],
);
const leaf = fc
  .tuple(steps, fc.oneof(textTest, numberTest, kindTest))
  .map(([all, [text, holds]]): Leaf => ({ text: `${selectorText(all)} ${text}`, steps: all, holds }));

it('means what its parts mean, and binds && before ||', () => {
  const operators = fc.array(fc.constantFrom('&&', '||'), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(fc.tuple(leaf, leaf, leaf), operators, root, ([one, two, three], [first, second], value) => {
      const text = `{ ${one.text} ${first} ${two.text} ${second} ${three.text} }`;
      const [a, b, c] = [one, two, three].map(({ steps: all, holds }) => holds(nodesOf(value, all)));
      const oneFirst = first === '&&' || second === '||';
      const both = (left: unknown, operator: unknown, right: unknown) =>
        operator === '&&' ? left && right : left || right;
      const expected = oneFirst ? both(both(a, first, b), second, c) : both(a, first, both(b, second, c));
      const message = JSON.stringify(value);
      expect(patternOf(text).matches(message), `${text} of ${message}`).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
