// The body of a streaming operation as handlers get it: decoded from aws-chunked, and verified while it is read.
import type { Readable } from 'node:stream';
import type { ChecksumAlgorithm } from './checksums/checksum.ts';

/**
 * The stream errors with an AwsFault (XAmzContentSHA256Mismatch, BadDigest, IncompleteBody…) when the bytes are not
 * what the client announced: a handler commits nothing before it has ended.
 */
export interface VerifiedBody extends Readable {
  /** Size that the client announced, decoded; undefined when it did not. */
  readonly announcedBytes: number | undefined;
  /** Checksums that the client sent and that hold, in base64. Complete once the stream has ended. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}
