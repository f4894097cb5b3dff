import { expect, test } from 'vitest';
import { covers } from './ensure-object.ts';

test.each([
  [{ a: 1, b: 'default' }, { a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: [{ x: 1, y: 'default' }] }, { a: [{ x: 1 }] }, true],
  [{ a: [1, 2] }, { a: [1] }, false],
  [{ a: {} }, { a: [] }, false],
  [{}, { a: undefined }, true],
  [{ a: undefined }, { a: {} }, false],
  [null, {}, false],
  ['x', 'x', true],
])('%j covers %j: %s', (existing, wanted, holds) => expect(covers(existing, wanted)).toBe(holds));
