import { expect, test } from 'vitest';
import { humanAge, humanDuration } from './human-duration.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [-2 * second, '<invalid>'],
  [-second, '0s'],
  [0, '0s'],
  [119 * second, '119s'],
  [2 * minute, '2m'],
  [2 * minute + 5 * second, '2m5s'],
  [10 * minute + 59 * second, '10m'],
  [179 * minute, '179m'],
  [3 * hour, '3h'],
  [7 * hour + 59 * minute, '7h59m'],
  [8 * hour + 59 * minute, '8h'],
  [47 * hour, '47h'],
  [2 * day, '2d'],
  [7 * day + 23 * hour, '7d23h'],
  [8 * day + 23 * hour, '8d'],
  [729 * day, '729d'],
  [2 * 365 * day, '2y'],
  [3 * 365 * day + 20 * day, '3y20d'],
  [8 * 365 * day + 20 * day, '8y'],
])('%d ms is %s', (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});

test('an age needs an instant', () => {
  expect(humanAge('2024-01-01T00:00:00Z', Date.UTC(2024, 0, 1, 0, 5))).toBe('5m');
  expect(humanAge(undefined, 0)).toBe('<unknown>');
  expect(humanAge('soon', 0)).toBe('<invalid>');
});
