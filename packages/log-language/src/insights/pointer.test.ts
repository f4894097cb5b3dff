// @ptr leads back to the event, and nothing else does.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePointer, encodePointer } from './pointer.ts';

it('comes back as it went', () => {
  const place = fc.record({
    account: fc.stringMatching(/^\d{12}$/),
    group: fc.stringMatching(/^[\w./#-]{1,20}$/),
    sequence: fc.maxSafeNat(),
  });
  fc.assert(
    fc.property(place, (where) => {
      const pointer = encodePointer(where);
      expect(pointer).toMatch(/^[\w-]+$/);
      expect(decodePointer(pointer)).toEqual(where);
    }),
  );
});

it('is not any other text', () => {
  for (const text of ['', 'abc', 'a b', '../../etc', Buffer.from('1:g:1').toString('base64url')]) {
    expect(decodePointer(text)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodePointer(text)).not.toThrow();
    }),
  );
});
