import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../checksums/checksum.ts';
import type { ObjectChecksumAlgorithm, PartRecord } from './object.ts';
import {
  assertVerifiable,
  checksumMembers,
  checksumOfParts,
  givenChecksum,
  parseAlgorithm,
} from './object-checksums.ts';

const texts = ['one', 'two', 'three'].map((text) => Buffer.from(text));
const partsWith = (algorithm: ObjectChecksumAlgorithm): PartRecord[] =>
  texts.map((text, index) => ({
    number: index + 1,
    etag: '',
    sizeBytes: text.length,
    modifiedMs: 0,
    body: { in: 'nothing' },
    checksum: { algorithm, value: checksumOf(algorithm, text).toString('base64'), type: 'FULL_OBJECT' },
  }));

describe('checksumOfParts', () => {
  it.each(['crc32', 'crc32c', 'crc64nvme'] as const)(
    'is the %s of the whole, for the full object',
    (algorithm) => {
      expect(checksumOfParts({ algorithm, type: 'FULL_OBJECT' }, partsWith(algorithm))?.value).toBe(
        checksumOf(algorithm, Buffer.concat(texts)).toString('base64'),
      );
    },
  );

  it('is the checksum of checksums with their number, as a composite', () => {
    const digests = texts.map((text) => checksumOf('sha256', text));
    const value = `${checksumOf('sha256', Buffer.concat(digests)).toString('base64')}-3`;
    const composite = { algorithm: 'sha256', type: 'COMPOSITE' } as const;
    expect(checksumOfParts(composite, partsWith('sha256'))).toEqual({ ...composite, value });
  });

  it('is absent when a part has none, or one of another kind', () => {
    const composite = { algorithm: 'crc32', type: 'COMPOSITE' } as const;
    expect(checksumOfParts(composite, partsWith('sha1'))).toBeUndefined();
  });
});

describe('the members of shapes', () => {
  it('are named by their algorithm', () => {
    const stored = { algorithm: 'crc64nvme', value: 'AA==', type: 'FULL_OBJECT' } as const;
    expect(checksumMembers(stored)).toEqual({ ChecksumCRC64NVME: 'AA==', ChecksumType: 'FULL_OBJECT' });
    expect(checksumMembers(undefined)).toEqual({});
    expect(givenChecksum({ ChecksumSHA1: 'AA==' })).toEqual({ algorithm: 'sha1', value: 'AA==' });
    expect(givenChecksum({})).toBeUndefined();
  });

  it('of algorithms that cannot be verified are refused', () => {
    expect(parseAlgorithm('CRC64NVME')).toBe('crc64nvme');
    expect(() => parseAlgorithm('XXHASH64')).toThrow('not implemented');
    expect(() => assertVerifiable({ ChecksumXXHASH64: 'x' })).toThrow('xxhash64');
    expect(() => assertVerifiable({ ChecksumCRC32: 'x', ChecksumSHA512: undefined })).not.toThrow();
  });
});
