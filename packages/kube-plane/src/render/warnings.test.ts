import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { warningHeaders } from './warnings.ts';

it('gives each text once, quoted, without what a header cannot carry', () => {
  expect(warningHeaders(['a "b" \\\n', 'a "b" \\\n', '', 'c'])).toEqual([
    '299 - "a \\"b\\" \\\\ "',
    '299 - "c"',
  ]);
});

it('cuts long texts only when all are too much together', () => {
  expect(warningHeaders(['x'.repeat(4096)])[0]).toHaveLength('299 - ""'.length + 4096);
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.padStart(300, 'x'));
  const headers = warningHeaders(texts);
  expect(headers).toHaveLength(16);
  expect(headers[0]).toBe(`299 - "${'x'.repeat(256)}"`);
});

it('is bounded for any texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 5000 }), { maxLength: 100 }), (texts) => {
      const headers = warningHeaders(texts);
      // Each rune takes at most two bytes, and each text has a frame of eight.
      expect(headers.join('').length).toBeLessThanOrEqual(2 * 4096 + 8 * headers.length);
      for (const header of headers) expect(header).toMatch(/^299 - "[\x20-\x7e]*"$/);
    }),
  );
});
