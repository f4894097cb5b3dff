// KeyConditions as key conditions.
import { ItemLanguageError } from '../item-language-error.ts';
import type { KeyCondition } from '../key-condition/key-condition.ts';
import {
  type CheckedCondition,
  checkConditions,
  type ComparisonOperator,
  type LegacyCondition,
} from './legacy-condition.ts';

/** Key conditions for `keyRangeOf`. Throws `ItemLanguageError`. */
export function legacyKeyConditions(
  conditions: Readonly<Record<string, LegacyCondition>>,
): readonly KeyCondition[] {
  const checked = checkConditions(conditions);
  if (checked.length !== 1 && checked.length !== 2)
    throw new ItemLanguageError('Conditions can be of length 1 or 2 only');
  return checked.map(keyConditionOf);
}

const OPERATORS: Readonly<Partial<Record<ComparisonOperator, Exclude<KeyCondition['operator'], 'between'>>>> =
  {
    EQ: '=',
    LE: '<=',
    LT: '<',
    GE: '>=',
    GT: '>',
    BEGINS_WITH: 'begins_with',
  };

function keyConditionOf({ name, operator, values }: CheckedCondition): KeyCondition {
  const [first, second] = values;
  const plain = OPERATORS[operator];
  if (first !== undefined && plain !== undefined) return { name, operator: plain, value: first };
  if (operator === 'BETWEEN' && first !== undefined && second !== undefined)
    return { name, operator: 'between', low: first, high: second };
  throw new ItemLanguageError('Attempted conditional constraint is not an indexable operation');
}
