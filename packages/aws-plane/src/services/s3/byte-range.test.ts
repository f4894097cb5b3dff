import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from './byte-range.ts';

describe('parseRange', () => {
  it('always stays within the bytes', () => {
    const bound = fc.oneof(fc.constant(''), fc.nat({ max: 30 }).map(String));
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 0, max: 20 }), (first, last, sizeBytes) => {
        const bytes = Array.from({ length: sizeBytes }, (_, index) => index);
        let wanted: number[] | undefined;
        if (first !== '') wanted = bytes.slice(Number(first), last === '' ? undefined : Number(last) + 1);
        else if (last !== '') wanted = last === '0' ? [] : bytes.slice(-Number(last));
        if (first !== '' && last !== '' && Number(last) < Number(first)) wanted = undefined;
        const parse = () => parseRange(`bytes=${first}-${last}`, sizeBytes);
        if (wanted?.length === 0) expect(parse).toThrow('The requested range is not satisfiable');
        else expect(parse()).toEqual(wanted && { start: wanted[0], end: wanted.at(-1) });
      }),
    );
  });

  it.each(['', 'bytes', 'bytes=', 'bytes=a-b', 'bytes=1-2,3-4', 'items=0-1', 'bytes=0x1-2'])(
    'ignores %j',
    (header) => {
      expect(parseRange(header, 10)).toBeUndefined();
    },
  );
});
