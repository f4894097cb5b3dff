// The keys in the storage between which a Query reads.
import { type KeyCondition, type KeyRange, keyBytes, keyPrefixBytes } from '@pergola/item-language';
import { faults } from '../faults.ts';
import { after, behind, partitionPrefix } from '../storage/layout.ts';
import type { Source } from './source.ts';

export interface Bounds {
  readonly from: Buffer;
  /** Excluded. */
  readonly to: Buffer;
}

export function boundsOf({ prefix, schema }: Source, { partition, sort }: KeyRange): Bounds {
  const below = partitionPrefix(prefix, schema, { [schema.partition.name]: partition });
  return sort ? sortBounds(below, sort) : { from: below, to: behind(below) };
}

function sortBounds(below: Buffer, sort: KeyCondition): Bounds {
  const at = (bytes: Uint8Array) => Buffer.concat([below, bytes]);
  if (sort.operator === 'between')
    return { from: at(keyBytes(sort.low)), to: behind(at(keyBytes(sort.high))) };
  if (sort.operator === 'begins_with') {
    const start = at(keyPrefixBytes(sort.value));
    return { from: start, to: behind(start) };
  }
  const key = at(keyBytes(sort.value));
  switch (sort.operator) {
    case '=':
      return { from: key, to: behind(key) };
    case '<':
      return { from: below, to: key };
    case '<=':
      return { from: below, to: behind(key) };
    case '>':
      return { from: behind(key), to: behind(below) };
    case '>=':
      return { from: key, to: behind(below) };
  }
}

/** The bounds behind the last key of the page before. */
export function continued(bounds: Bounds, start: Buffer, reverse: boolean): Bounds {
  if (start.compare(bounds.from) < 0 || start.compare(bounds.to) >= 0)
    throw faults.validation(
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  return reverse ? { from: bounds.from, to: start } : { from: after(start), to: bounds.to };
}
