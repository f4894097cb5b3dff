// Key conditions fitted to the key schema of a table or index.
import { type AttributeValue, typeOf } from '../attribute-value.ts';
import { invalidParameter, ItemLanguageError } from '../item-language-error.ts';
import type { KeyAttribute, KeyCondition, KeyRange, KeySchema } from './key-condition.ts';

/** What a Query reads. Throws `ItemLanguageError` when the conditions do not fit the keys. */
export function keyRangeOf(conditions: readonly KeyCondition[], schema: KeySchema): KeyRange {
  const partition = conditions.find(({ name }) => name === schema.partition.name);
  const sort = schema.sort && conditions.find(({ name }) => name === schema.sort?.name);
  checkSchema(conditions, schema);
  if (partition === undefined) throw missed(schema.partition);
  if (partition.operator !== '=') throw new ItemLanguageError('Query key condition not supported');
  checkTypes(partition, schema.partition);
  if (sort === undefined || schema.sort === undefined) return { partition: partition.value };
  checkTypes(sort, schema.sort);
  return { partition: partition.value, sort };
}

/** Every condition is on a key; a second one needs a sort key. */
function checkSchema(conditions: readonly KeyCondition[], { partition, sort }: KeySchema): void {
  if (!conditions.some(({ name }) => name === partition.name)) throw missed(partition);
  const stranger = conditions.find(({ name }) => name !== partition.name && name !== sort?.name);
  if (stranger === undefined) return;
  throw sort === undefined ? new ItemLanguageError('Query key condition not supported') : missed(sort);
}

function missed({ name }: KeyAttribute): ItemLanguageError {
  return new ItemLanguageError(`Query condition missed key schema element: ${name}`);
}

function checkTypes(condition: KeyCondition, { name, type }: KeyAttribute): void {
  const values = condition.operator === 'between' ? [condition.low, condition.high] : [condition.value];
  for (const value of values) {
    if (typeOf(value) !== type) throw invalidParameter('Condition parameter type does not match schema type');
    checkNotEmpty(name, value);
  }
}

/** Keys cannot be empty, and nothing can be asked of empty ones. */
function checkNotEmpty(name: string, value: AttributeValue): void {
  const empty = 'S' in value ? value.S === '' : 'B' in value && value.B.length === 0;
  if (empty)
    throw new ItemLanguageError(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${'S' in value ? 'string' : 'binary'} value. Key: ${name}`,
    );
}
