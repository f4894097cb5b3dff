import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILE_HEADER_BYTES, fileHeader, frameKinds, frameOf, isWhole, saltOf } from './frame.ts';

const salt = fc.nat(0xffff_ffff);
const body = fc.uint8Array({ maxLength: 200 });

describe('a frame', () => {
  it('is whole as it was made, and not after any change of a bit', () => {
    fc.assert(
      fc.property(salt, body, fc.nat(), fc.nat(7), (salt, body, where, bit) => {
        const frame = frameOf(frameKinds.events, body, salt);
        expect(isWhole(frame, salt)).toBe(true);
        const at = where % frame.length;
        frame[at] = (frame[at] ?? 0) ^ (1 << bit);
        expect(isWhole(frame, salt)).toBe(false);
      }),
    );
  });

  it('is not whole when cut off, nor under the salt of another file', () => {
    fc.assert(
      fc.property(salt, salt, body, fc.nat(), (salt, other, body, length) => {
        const frame = frameOf(frameKinds.control, body, salt);
        expect(isWhole(frame.subarray(0, length % frame.length), salt)).toBe(false);
        if (other !== salt) expect(isWhole(frame, other)).toBe(false);
      }),
    );
  });
});

describe('the header of a file', () => {
  it('gives its salt although one of its halves is damaged', () => {
    fc.assert(
      fc.property(salt, fc.nat(FILE_HEADER_BYTES - 1), (salt, at) => {
        const header = fileHeader(salt);
        header[at] = (header[at] ?? 0) ^ 0x10;
        expect(saltOf(header)).toBe(salt);
      }),
    );
  });

  it('is none when both halves are damaged, or when it is cut off', () => {
    const header = fileHeader(7);
    expect(saltOf(header.subarray(0, FILE_HEADER_BYTES - 1))).toBeUndefined();
    header[3] = 0;
    header[FILE_HEADER_BYTES / 2 + 9] = 1;
    expect(saltOf(header)).toBeUndefined();
  });
});
