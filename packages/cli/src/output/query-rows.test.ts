import { describe, expect, it } from 'vitest';
import { renderRows } from './query-rows.ts';

const rows = [
  new Map([
    ['@timestamp', '2026-11-27 19:23:45.507'],
    ['@message', 'x'.repeat(500)],
    ['level', 'error'],
  ]),
];

describe('renderRows', () => {
  it.each([60, 80, 120])(
    'fits a row into a terminal of %i columns, which the widest field pays for',
    (columns) => {
      const [, line = ''] = renderRows({ interactive: true, columns }, rows).split('\n');
      expect(line).toHaveLength(columns);
      expect(line).toMatch(/^2026-11-27 19:23:45\.507 {2}x+… {2}error$/);
    },
  );

  it('cuts nothing in a file', () => {
    expect(renderRows({ interactive: false, columns: 80 }, rows)).toContain('x'.repeat(500));
  });
});
