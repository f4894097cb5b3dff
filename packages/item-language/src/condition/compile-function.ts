// The functions that are conditions, as functions of an item.
import { type AttributeValue, type Item, typeOf } from '../attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { bytesInclude, textIncludes } from '../values/search.ts';
import { bytesStartWith, compareBytes } from '../values/text-order.ts';
import type { Operand } from './operands.ts';

type Test = (item: Item) => boolean;
type PairTest = (left: AttributeValue, right: AttributeValue) => boolean;

/** The function is known and has as many operands as it needs. */
export function compileFunction(name: string, first: Operand, second: Operand | undefined): Test {
  if (name === 'attribute_exists') return (item) => first.read(item) !== undefined;
  if (name === 'attribute_not_exists') return (item) => first.read(item) === undefined;
  const test = pairTests[name] ?? never;
  return (item) => {
    const left = first.read(item);
    const right = left === undefined ? undefined : second?.read(item);
    return left !== undefined && right !== undefined && test(left, right);
  };
}

function never(): boolean {
  return false;
}

const pairTests: Readonly<Record<string, PairTest | undefined>> = {
  attribute_type: (value, type) => 'S' in type && typeOf(value) === type.S,
  begins_with: beginsWith,
  contains,
};

function beginsWith(value: AttributeValue, start: AttributeValue): boolean {
  if ('S' in value) return 'S' in start && value.S.startsWith(start.S);
  return 'B' in value && 'B' in start && bytesStartWith(value.B, start.B);
}

/** A part of a string or of bytes, a member of a set, an element of a list. */
function contains(whole: AttributeValue, part: AttributeValue): boolean {
  if ('L' in whole) return whole.L.some((element) => equalValues(element, part));
  if ('S' in part)
    return 'S' in whole ? textIncludes(whole.S, part.S) : 'SS' in whole && whole.SS.includes(part.S);
  if ('N' in part) return 'NS' in whole && whole.NS.includes(part.N);
  if (!('B' in part)) return false;
  if ('B' in whole) return bytesInclude(whole.B, part.B);
  return 'BS' in whole && whole.BS.some((member) => compareBytes(member, part.B) === 0);
}
