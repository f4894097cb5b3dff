import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Escaped, escapeTwice, growthMax } from './json-escape.ts';

it('equals JSON.stringify applied twice, and counts what the outer one added', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u0001', '\u007f', 'ü', '€', '😀', 'a') }),
  );
  fc.assert(
    fc.property(text, (raw) => {
      const bytes = Buffer.from(raw);
      const target = Buffer.alloc(bytes.length * growthMax + 2);
      const result: Escaped = { end: 0, outerBytes: 0 };
      escapeTwice({ bytes, start: 0, end: bytes.length }, target, 1, result);
      const once = JSON.stringify(bytes.toString('utf8')).slice(1, -1);
      expect(target.toString('utf8', 1, result.end)).toBe(JSON.stringify(once).slice(1, -1));
      expect(result.end - 1 - result.outerBytes).toBe(Buffer.byteLength(once));
    }),
  );
});
