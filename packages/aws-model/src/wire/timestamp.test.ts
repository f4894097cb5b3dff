import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTimestamp, renderTimestamp } from './timestamp.ts';

const instant = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('parseTimestamp', () => {
  test.each([
    ['2026-01-02T03:04:05Z', 'date-time', instant],
    ['2026-01-02t03:04:05z', 'date-time', instant],
    ['2026-01-02T03:04:05.678901Z', 'date-time', instant + 678],
    ['2026-01-02T03:04:05.5Z', 'date-time', instant + 500],
    ['2026-01-02T04:04:05+01:00', 'date-time', instant],
    ['2026-01-02T02:04:05-0100', 'date-time', instant],
    ['2026-01-02 03:04', 'date-time', instant - 5000],
    ['2026-01-02', 'date-time', Date.UTC(2026, 0, 2)],
    ['1767323045', 'date-time', instant],
    ['1767323045.25', 'epoch-seconds', instant + 250],
    ['1.767323045E9', 'epoch-seconds', instant],
    ['Fri, 02 Jan 2026 03:04:05 GMT', 'http-date', instant],
    ['Friday, 02-Jan-26 03:04:05 GMT', 'http-date', instant],
    ['2026-01-02T03:04:05Z', 'http-date', instant],
  ] as const)('%s as %s', (text, format, expected) => {
    expect(parseTimestamp(text, format)?.getTime()).toBe(expected);
  });

  test.each([
    '',
    'tomorrow',
    'foo 1',
    '2026-13-01',
    '2026-01-02T25:00:00Z',
    '12:00',
    '99999999999999999',
    'NaN',
  ])('%j is none', (text) => {
    for (const format of ['date-time', 'http-date', 'epoch-seconds'] as const) {
      expect(parseTimestamp(text, format)).toBeUndefined();
    }
  });
});

test('what is written is read again', () => {
  const dates = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      const read = (format: 'date-time' | 'http-date' | 'epoch-seconds') =>
        parseTimestamp(renderTimestamp(date, format), format)?.getTime();
      expect(read('date-time')).toBe(date.getTime());
      expect(read('epoch-seconds')).toBe(date.getTime());
      expect(read('http-date')).toBe(Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
});
