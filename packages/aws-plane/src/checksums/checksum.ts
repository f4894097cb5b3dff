// The checksums that S3 knows, computed while bytes stream by.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { updateCrc32c } from './crc32c.ts';
import { Crc64Nvme } from './crc64-nvme.ts';

/** Algorithms as we name them inside; on the wire they are upper case (`CRC32`). `md5` is for ETags and Content-MD5. */
export type ChecksumAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256' | 'md5';

/** A running checksum. One use only: after `digest` it takes no more bytes. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  update(chunk: Uint8Array): void;
  /** Raw bytes, big-endian for the CRCs, as S3 encodes them. */
  digest(): Buffer;
  digestBase64(): string;
}

/** Length of each digest in bytes. */
export const digestSizeBytes: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
  md5: 16,
};

/** Starts a checksum of no bytes. */
export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  const running = startRunning(algorithm);
  return {
    algorithm,
    update: (chunk) => void running.update(chunk),
    digest: () => running.digest(),
    digestBase64: () => running.digest().toString('base64'),
  };
}

/** The digest of `bytes` at once. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Buffer {
  const running = startRunning(algorithm);
  running.update(bytes);
  return running.digest();
}

interface Running {
  update(chunk: Uint8Array): unknown;
  digest(): Buffer;
}

function startRunning(algorithm: ChecksumAlgorithm): Running {
  switch (algorithm) {
    case 'crc32':
      return new RunningCrc32(crc32);
    case 'crc32c':
      return new RunningCrc32(updateCrc32c);
    case 'crc64nvme':
      return new Crc64Nvme();
    default:
      return createHash(algorithm);
  }
}

class RunningCrc32 implements Running {
  readonly #append: (chunk: Uint8Array, value: number) => number;
  #value = 0;

  constructor(append: (chunk: Uint8Array, value: number) => number) {
    this.#append = append;
  }

  update(chunk: Uint8Array): void {
    this.#value = this.#append(chunk, this.#value);
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes;
  }
}
