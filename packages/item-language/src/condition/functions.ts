// The functions of conditions: how many operands each takes and where it may stand.

interface ConditionFunction {
  readonly operands: number;
  /** `condition`: stands where something is true or false; `operand`: stands for a value. */
  readonly place: 'condition' | 'operand';
}

export const conditionFunctions: ReadonlyMap<string, ConditionFunction> = new Map([
  ['attribute_exists', { operands: 1, place: 'condition' }],
  ['attribute_not_exists', { operands: 1, place: 'condition' }],
  ['attribute_type', { operands: 2, place: 'condition' }],
  ['begins_with', { operands: 2, place: 'condition' }],
  ['contains', { operands: 2, place: 'condition' }],
  ['size', { operands: 1, place: 'operand' }],
]);

/** Functions that DynamoDB knows, but not in conditions. */
export const updateFunctions: ReadonlyMap<string, number> = new Map([
  ['if_not_exists', 2],
  ['list_append', 2],
]);
