import * as fc from 'fast-check';
import { isRecord } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { mergePatchOf } from './merge-patch.ts';

/** RFC 7386, section 2. */
function apply(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = apply(result[key], value);
  }
  return result;
}

test('only what differs is in the patch', () => {
  expect(mergePatchOf({ a: 1, b: { c: 1, d: 2 } }, { a: 1, b: { c: 1, d: 3 } })).toEqual({ b: { d: 3 } });
  expect(mergePatchOf({ a: 1, b: 2 }, { a: 1 })).toEqual({ b: null });
  expect(mergePatchOf({ a: [1, 2] }, { a: [1] })).toEqual({ a: [1] });
  expect(mergePatchOf({ a: 1 }, { a: 1, b: undefined })).toBeUndefined();
  expect(mergePatchOf({}, {})).toBeUndefined();
});

test('applying the patch gives what was wanted', () => {
  const noNulls = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.integer()),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value')),
    ),
  })).value;
  const object = fc.dictionary(fc.constantFrom('a', 'b', 'c'), noNulls);
  fc.assert(
    fc.property(object, object, (before, after) => {
      const patch = mergePatchOf(before, after);
      expect(patch === undefined ? before : apply(before, patch)).toEqual(after);
    }),
  );
});
