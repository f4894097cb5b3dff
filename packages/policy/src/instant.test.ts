import { describe, expect, it } from 'vitest';
import { parseInstant } from './instant.ts';

describe('instant', () => {
  it.each([
    ['2024', Date.UTC(2024, 0, 1)],
    ['2024-02', Date.UTC(2024, 1, 1)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2024-02-29T12:30Z', Date.UTC(2024, 1, 29, 12, 30)],
    ['2024-02-29T12:30:45.5Z', Date.UTC(2024, 1, 29, 12, 30, 45, 500)],
    ['2024-02-29t12:30:45z', Date.UTC(2024, 1, 29, 12, 30, 45)],
    ['2024-02-29T12:30:45+02:00', Date.UTC(2024, 1, 29, 10, 30, 45)],
    ['2024-02-29T12:30:45-0530', Date.UTC(2024, 1, 29, 18, 0, 45)],
    ['1704067200', 1_704_067_200_000],
  ])('%s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    '',
    'today',
    '2023-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-01-01T25:00Z',
    '2024-01-01T00:00',
    '2024-01-01 00:00Z',
    '1e9',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
