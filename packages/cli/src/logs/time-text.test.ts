import { expect, test } from 'vitest';
import { instantOf, parseTimeText } from './time-text.ts';

const now = Date.parse('2026-11-27T12:00:00Z');

test.each([
  ['15m', '2026-11-27T11:45:00.000Z'],
  ['1.5h', '2026-11-27T10:30:00.000Z'],
  ['7d', '2026-11-20T12:00:00.000Z'],
  ['now', '2026-11-27T12:00:00.000Z'],
  ['2026-11-26T09:30:00Z', '2026-11-26T09:30:00.000Z'],
  ['2026-11-26', '2026-11-26T00:00:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(new Date(instantOf(parseTimeText(text), now)).toISOString()).toBe(instant);
});

test.each(['', 'yesterday', '10', '-5m', '5y', '2026-13-40', '12'])('%j is no time', (text) => {
  expect(() => parseTimeText(text)).toThrow('a time is');
});
