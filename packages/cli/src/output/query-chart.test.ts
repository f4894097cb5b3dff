import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderChart } from './query-chart.ts';

const screen = { columns: 40, paint: (_style: string, text: string) => text };
const rows = (...all: Record<string, string>[]) => all.map((row) => new Map(Object.entries(row)));

test('bars over time, with the bins that have no row', () => {
  const chart = renderChart(
    screen,
    rows(
      { 'bin(1m)': '2026-11-27 09:03:00.000', 'count(*)': '40' },
      { 'bin(1m)': '2026-11-27 09:01:00.000', 'count(*)': '10' },
      { 'bin(1m)': '2026-11-27 09:00:00.000', 'count(*)': '20' },
    ),
  );
  expect(chart).toBe(
    [
      'count(*)',
      '09:00  ██████████████▌ 20',
      '09:01  ███████▎ 10',
      '09:02   0',
      '09:03  █████████████████████████████ 40',
    ].join('\n'),
  );
});

test('several series are small lines on one scale', () => {
  const chart = renderChart(
    screen,
    rows(
      { 'bin(5m)': '2026-11-27 09:00:00.000', ns: 'shop', n: '8' },
      { 'bin(5m)': '2026-11-27 09:05:00.000', ns: 'shop', n: '4' },
      { 'bin(5m)': '2026-11-27 09:05:00.000', ns: 'bank', n: '1' },
    ),
  );
  expect(chart?.split('\n')).toEqual([
    'shop  █▄  max 8',
    'bank   ▁  max 1',
    '      2026-11-27 09:00:00.000 … 2026-11-27 09:05:00.000',
  ]);
});

test('bars over names keep the order of the rows', () => {
  const chart = renderChart(screen, rows({ path: '/a', hits: '3' }, { path: '/b', hits: '1.5' }));
  expect(chart?.split('\n').map((line) => line.replace(/\s+█.*█\S*/, ' |'))).toEqual([
    'hits',
    '/a | 3',
    '/b | 1.5',
  ]);
});

test('rows without the field that names them are still told apart', () => {
  const time = { 'bin(1m)': '2026-11-27 09:00:00.000' };
  const chart = renderChart(screen, rows({ ...time, n: '8' }, { ...time, ns: 'shop', n: '4' }));
  expect(chart?.split('\n').slice(0, 2)).toEqual(['(none)  █  max 8', 'shop    ▄  max 4']);
});

test('nothing that is a number throughout is no chart', () => {
  expect(renderChart(screen, rows({ '@message': 'hello' }))).toBeUndefined();
  expect(renderChart(screen, rows({ a: '1' }, { a: 'x' }))).toBeUndefined();
});

test('no line is wider than the screen, and whatever is above nothing is seen', () => {
  const series = fc.array(
    fc.record({ minute: fc.nat(3_000), name: fc.constantFrom('a', 'b', 'c'), value: fc.nat(1_000_000) }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(series, fc.integer({ min: 40, max: 200 }), (points, columns) => {
      const chart = renderChart(
        { ...screen, columns },
        points.map(({ minute, name, value }) => {
          const time = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
          return new Map([
            ['t', time.replace('T', ' ').slice(0, -1)],
            ['ns', name],
            ['v', String(value)],
          ]);
        }),
      );
      const lines = chart?.split('\n') ?? [];
      for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 52));
      if (points.some(({ value }) => value > 0)) expect(chart).toMatch(/[\u2581-\u258f]/);
    }),
  );
});
