// The conditions of the legacy parameters (Expected, QueryFilter, ScanFilter, KeyConditions): their checks.
import { type AttributeType, type AttributeValue, typeOf } from '../attribute-value.ts';
import { invalidParameter, ItemLanguageError } from '../item-language-error.ts';
import { checkValue } from '../values/check-value.ts';
import { compareValues } from '../values/compare.ts';

export type ComparisonOperator =
  | 'EQ'
  | 'NE'
  | 'LE'
  | 'LT'
  | 'GE'
  | 'GT'
  | 'NOT_NULL'
  | 'NULL'
  | 'CONTAINS'
  | 'NOT_CONTAINS'
  | 'BEGINS_WITH'
  | 'IN'
  | 'BETWEEN';

/** A Condition, or an ExpectedAttributeValue, as the wire has it. */
export interface LegacyCondition {
  readonly ComparisonOperator?: ComparisonOperator | undefined;
  readonly AttributeValueList?: readonly unknown[] | undefined;
  readonly Value?: unknown;
  readonly Exists?: boolean | undefined;
}

/** A condition whose operator and values fit together. */
export interface CheckedCondition {
  readonly name: string;
  readonly operator: ComparisonOperator;
  readonly values: readonly AttributeValue[];
}

/** As many as an expression may have: a bound for the work on each item. */
const CONDITIONS_MAX = 300;

/** Checks a map of conditions as DynamoDB does. Throws `ItemLanguageError`. */
export function checkConditions(
  conditions: Readonly<Record<string, LegacyCondition>>,
): readonly CheckedCondition[] {
  const entries = Object.entries(conditions);
  if (entries.length > CONDITIONS_MAX)
    throw invalidParameter(`The expression contains too many operators; operator count: ${entries.length}`);
  return entries.map(([name, condition]) => checkCondition(name, condition));
}

function checkCondition(name: string, condition: LegacyCondition): CheckedCondition {
  const { ComparisonOperator: operator, AttributeValueList: list, Value: single, Exists: exists } = condition;
  if (operator === undefined) return checkExistence(name, condition);
  const about = `for Attribute: ${name}`;
  if (exists !== undefined)
    throw invalidParameter(`Exists and ComparisonOperator cannot be used together ${about}`);
  if (list !== undefined && single !== undefined)
    throw invalidParameter(`Value and AttributeValueList cannot be used together ${about}`);
  const values = (list ?? (single === undefined ? [] : [single])).map(checkValue);
  if (values.length !== 0 || (operator !== 'NULL' && operator !== 'NOT_NULL')) checkValues(operator, values);
  return { name, operator, values };
}

/** `Exists` with or without `Value`: equality, or absence. */
function checkExistence(name: string, condition: LegacyCondition): CheckedCondition {
  const { AttributeValueList: list, Value: single, Exists: exists } = condition;
  const about = `for Attribute: ${name}`;
  if (list !== undefined)
    throw invalidParameter(`AttributeValueList can only be used with a ComparisonOperator ${about}`);
  if (exists === false) {
    if (single !== undefined) throw invalidParameter(`Value cannot be used when Exists is false ${about}`);
    return { name, operator: 'NULL', values: [] };
  }
  if (single === undefined)
    throw invalidParameter(`Value must be provided when Exists is ${exists ?? 'null'} ${about}`);
  return { name, operator: 'EQ', values: [checkValue(single)] };
}

const ORDERED: readonly AttributeType[] = ['S', 'N', 'B'];

/** Types that an operator takes; EQ and NE take all. */
const TYPES: Readonly<Partial<Record<ComparisonOperator, readonly AttributeType[]>>> = {
  LE: ORDERED,
  LT: ORDERED,
  GE: ORDERED,
  GT: ORDERED,
  IN: ORDERED,
  BETWEEN: ORDERED,
  CONTAINS: ['S', 'N', 'B', 'BOOL', 'NULL'],
  NOT_CONTAINS: ['S', 'N', 'B', 'BOOL', 'NULL'],
  BEGINS_WITH: ['S', 'B'],
};

function checkValues(operator: ComparisonOperator, values: readonly AttributeValue[]): void {
  if (!fits(operator, values.length))
    throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  const types = values.map(typeOf);
  const refused = types.find((type) => TYPES[operator]?.includes(type) === false);
  if (refused !== undefined)
    throw invalidParameter(`ComparisonOperator ${operator} is not valid for ${refused} AttributeValue type`);
  if (new Set(types).size > 1)
    throw invalidParameter('AttributeValues inside AttributeValueList must be of same type');
  const [low, high] = values;
  if (
    operator === 'BETWEEN' &&
    low !== undefined &&
    high !== undefined &&
    (compareValues(low, high) ?? 0) > 0
  )
    throw new ItemLanguageError(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
}

function fits(operator: ComparisonOperator, count: number): boolean {
  if (operator === 'NULL' || operator === 'NOT_NULL') return count === 0;
  if (operator === 'IN') return count > 0;
  return count === (operator === 'BETWEEN' ? 2 : 1);
}
