// How deep a document is, and how deep it may be.
import type { AttributeValue } from '../attribute-value.ts';

/** Maps and lists within an attribute; with the item itself they are the 32 levels that DynamoDB allows. */
export const LEVELS_MAX = 31;

/** The maps and lists that hold one another in a value: none in a scalar or a set. */
export function levelsOf(value: AttributeValue): number {
  if ('M' in value) return 1 + deepest(Object.values(value.M));
  return 'L' in value ? 1 + deepest(value.L) : 0;
}

function deepest(values: readonly AttributeValue[]): number {
  let levels = 0;
  for (const value of values) levels = Math.max(levels, levelsOf(value));
  return levels;
}
