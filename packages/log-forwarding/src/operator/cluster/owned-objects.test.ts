import { expect, test } from 'vitest';
import { holds } from './owned-objects.ts';

test('what the server adds does not count, what it lacks or changed does', () => {
  const wanted = { spec: { a: 1, list: [{ x: 1 }], none: undefined } };
  expect(holds({ spec: { a: 1, list: [{ x: 1, y: 2 }], b: 2 }, status: {} }, wanted)).toBe(true);
  expect(holds({ spec: { a: 2, list: [{ x: 1 }] } }, wanted)).toBe(false);
  expect(holds({ spec: { a: 1, list: [{ x: 1 }, { x: 2 }] } }, wanted)).toBe(false);
  expect(holds({ spec: { a: 1 } }, wanted)).toBe(false);
  expect(holds(undefined, wanted)).toBe(false);
});
