import { expect, test } from 'vitest';
import { timed } from './conditions.ts';

const hour = 3_600_000;

test('a time changes only with the status', () => {
  const first = timed([{ type: 'Ready', status: 'False', reason: 'A', message: 'a' }], undefined, 0);
  expect(first[0]?.lastTransitionTime).toBe('1970-01-01T00:00:00Z');
  const reworded = timed([{ type: 'Ready', status: 'False', reason: 'B', message: 'b' }], first, hour);
  expect(reworded).toEqual([
    { type: 'Ready', status: 'False', reason: 'B', message: 'b', lastTransitionTime: '1970-01-01T00:00:00Z' },
  ]);
  const changed = timed([{ type: 'Ready', status: 'True' }], reworded, hour);
  expect(changed).toEqual([{ type: 'Ready', status: 'True', lastTransitionTime: '1970-01-01T01:00:00Z' }]);
});

test('what is no longer said is gone', () => {
  const before = timed([{ type: 'Validation', status: 'True' }], undefined, 0);
  expect(timed([], before, 0)).toEqual([]);
});
