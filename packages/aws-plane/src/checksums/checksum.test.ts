import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChecksumAlgorithm, checksumOf, createChecksum, digestSizeBytes } from './checksum.ts';
import { createCrcCombiner } from './crc-combine.ts';

const digits = Buffer.from('123456789');

describe('createChecksum', () => {
  // The "check" values of the CRC catalogue, and openssl for the hashes.
  it.each([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
    ['md5', '25f9e794323b453885f5181f1b624d0b'],
  ] as const)('%s of 123456789', (algorithm, hex) => {
    expect(checksumOf(algorithm, digits).toString('hex')).toBe(hex);
    expect(createChecksum(algorithm).digest()).toHaveLength(digestSizeBytes[algorithm]);
  });

  it('gives base64 as in the x-amz-checksum headers', () => {
    const checksum = createChecksum('crc32');
    checksum.update(digits);
    expect(checksum.digestBase64()).toBe('y/Q5Jg==');
  });

  it('does not depend on how the bytes are cut', () => {
    const algorithms = Object.keys(digestSizeBytes) as ChecksumAlgorithm[];
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 70 })),
        fc.constantFrom(...algorithms),
        (chunks, name) => {
          const checksum = createChecksum(name);
          for (const chunk of chunks) checksum.update(chunk);
          expect(checksum.digest()).toEqual(checksumOf(name, Buffer.concat(chunks)));
        },
      ),
    );
  });
});

describe('createCrcCombiner', () => {
  it('is the CRC of the joined bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, bytes, fc.constantFrom('crc32', 'crc32c', 'crc64nvme'), (first, second, name) => {
        const combined = createCrcCombiner(name)(
          checksumOf(name, first),
          checksumOf(name, second),
          second.length,
        );
        expect(combined).toEqual(checksumOf(name, Buffer.concat([first, second])));
      }),
    );
  });
});
