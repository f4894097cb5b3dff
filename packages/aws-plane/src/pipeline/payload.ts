// Stage 4: the body of an S3 request, decoded from aws-chunked and verified while it is read.
//
// Three things may be announced and are held to it: the SHA-256 that was signed, Content-MD5, and one of the
// x-amz-checksum values, in a header or in the trailer. The stream errors with the fault when one does not hold.
import { Transform, type TransformCallback } from 'node:stream';
import { ChunkedDecoder, ChunkError, payloads, renderScope } from '@pergola/sigv4';
import {
  type Checksum,
  type ChecksumAlgorithm,
  createChecksum,
  digestSizeBytes,
} from '../checksums/checksum.ts';
import { AwsFault } from '../fault.ts';
import type { VerifiedBody } from '../verified-body.ts';
import type { Caller } from './authenticate.ts';
import { incompleteBody } from './faults.ts';
import type { Expectation, Received } from './receive.ts';

type Headers = Received['headers'];

/** Something to verify: how to compute it, what is expected, and what to say when it differs. */
interface Claim {
  readonly checksum: Checksum;
  readonly encoding: 'hex' | 'base64';
  /** A function for values that come in the trailer, after the body. */
  readonly expected: () => string | undefined;
  readonly mismatch: (computed: string, expected: string) => AwsFault;
}

const CHECKSUM_HEADER = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;

/** Opens the body of `request`. The stream ends only if everything announced about it holds. */
export function openPayload(request: Received, caller: Caller): VerifiedBody {
  const { headers, incoming } = request;
  const decoder = decoderOf(headers, caller);
  const announcedBytes = announcedSize(headers, decoder !== undefined);
  const body = new PayloadVerifier(announcedBytes, claimsOf(headers, decoder?.trailers), request.expectation);
  if (decoder) incoming.pipe(decoder).pipe(body);
  else incoming.pipe(body);
  decoder?.on('error', (error) => body.destroy(faultOf(error)));
  incoming.on('error', () => body.destroy(incompleteBody()));
  // A body that nobody wants any more is read and dropped: destroying the request would take the answer with it.
  body.on('close', () => incoming.unpipe().resume());
  return body;
}

function faultOf(error: Error): AwsFault {
  if (error instanceof AwsFault) return error;
  if (!(error instanceof ChunkError) || error.failure !== 'signature') return incompleteBody();
  return new AwsFault(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

/** The decoder of an aws-chunked body, or undefined for a plain one. */
function decoderOf(headers: Headers, caller: Caller): ChunkedDecoder | undefined {
  const word = headers['x-amz-content-sha256'];
  const signed = word === payloads.signedChunks || word === payloads.signedChunksTrailer;
  if (!signed && word !== payloads.unsignedChunksTrailer) return undefined;
  const decodedLength = Number(headers['x-amz-decoded-content-length'] ?? Number.NaN);
  if (!Number.isSafeInteger(decodedLength) || decodedLength < 0) throw missingLength();
  const { credential, signingKey } = caller;
  const signing =
    signed && credential && signingKey
      ? {
          signingKey,
          seedSignature: credential.signature,
          amzDate: credential.amzDate,
          scope: renderScope(credential.scope),
        }
      : undefined;
  if (signed && !signing)
    throw new AwsFault('InvalidRequest', 400, 'A body of signed chunks needs a signed request.');
  return new ChunkedDecoder({ signing, trailer: word !== payloads.signedChunks, decodedLength });
}

function missingLength(): AwsFault {
  return new AwsFault('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
}

/** Size of the decoded body, as announced. Plain bodies of unknown size are not for S3. */
function announcedSize(headers: Headers, chunked: boolean): number | undefined {
  if (chunked) return Number(headers['x-amz-decoded-content-length']);
  if (headers['transfer-encoding'] !== undefined) {
    throw new AwsFault(
      'NotImplemented',
      501,
      'A header you provided implies functionality that is not implemented',
      { Header: 'Transfer-Encoding' },
    );
  }
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

function claimsOf(headers: Headers, trailers: ReadonlyMap<string, string> | undefined): Claim[] {
  const claims: Claim[] = [];
  const sha256 = headers['x-amz-content-sha256'];
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) claims.push(sha256Claim(sha256));
  const md5 = headers['content-md5'];
  if (md5 !== undefined) claims.push(md5Claim(md5));
  for (const name in headers) {
    const algorithm = algorithmOf(name);
    const value = headers[name];
    if (algorithm && value !== undefined) claims.push(checksumClaim(algorithm, () => value, value));
  }
  const announced = headers['x-amz-trailer'];
  if (trailers && announced !== undefined) {
    for (const name of announced.toLowerCase().split(',')) {
      const algorithm = algorithmOf(name.trim());
      if (algorithm) claims.push(checksumClaim(algorithm, () => trailers.get(name.trim())));
    }
  }
  return claims;
}

function algorithmOf(header: string): ChecksumAlgorithm | undefined {
  return CHECKSUM_HEADER.exec(header)?.[1] as ChecksumAlgorithm | undefined;
}

function sha256Claim(expected: string): Claim {
  return {
    checksum: createChecksum('sha256'),
    encoding: 'hex',
    expected: () => expected,
    mismatch: (computed) =>
      new AwsFault(
        'XAmzContentSHA256Mismatch',
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed },
      ),
  };
}

function md5Claim(expected: string): Claim {
  if (Buffer.from(expected, 'base64').length !== digestSizeBytes.md5)
    throw new AwsFault('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', {
      'Content-MD5': expected,
    });
  return {
    checksum: createChecksum('md5'),
    encoding: 'base64',
    expected: () => expected,
    mismatch: (computed) =>
      new AwsFault('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
        ExpectedDigest: expected,
        CalculatedDigest: computed,
      }),
  };
}

function checksumClaim(
  algorithm: ChecksumAlgorithm,
  expected: () => string | undefined,
  known?: string,
): Claim {
  if (known !== undefined && Buffer.from(known, 'base64').length !== digestSizeBytes[algorithm])
    throw new AwsFault('InvalidRequest', 400, `Value for x-amz-checksum-${algorithm} header is invalid.`);
  return {
    checksum: createChecksum(algorithm),
    encoding: 'base64',
    expected,
    mismatch: () =>
      new AwsFault(
        'BadDigest',
        400,
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      ),
  };
}

/** Passes bytes on unchanged and checks the claims at their end. */
class PayloadVerifier extends Transform implements VerifiedBody {
  readonly announcedBytes: number | undefined;
  readonly checksums = new Map<ChecksumAlgorithm, string>();
  readonly #claims: readonly Claim[];
  readonly #expectation: Expectation;

  constructor(announcedBytes: number | undefined, claims: readonly Claim[], expectation: Expectation) {
    // Chunks are handed on as they came: of bytes, a reader would be given copies of all that has gathered.
    super({ readableObjectMode: true, readableHighWaterMark: 8, writableHighWaterMark: 262_144 });
    this.announcedBytes = announcedBytes;
    this.#claims = claims;
    this.#expectation = expectation;
  }

  /** Called when someone wants the body: a client that waits is not told to send what would be refused anyway. */
  override _read(size: number): void {
    this.#expectation.meet();
    super._read(size);
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (const { checksum } of this.#claims) checksum.update(bytes);
    done(null, bytes);
  }

  override _flush(done: TransformCallback): void {
    done(this.#firstMismatch());
  }

  #firstMismatch(): AwsFault | null {
    for (const { checksum, encoding, expected, mismatch } of this.#claims) {
      const wanted = expected();
      const computed = checksum.digest().toString(encoding);
      if (wanted === undefined) return malformedTrailer();
      if (computed !== wanted) return mismatch(computed, wanted);
      // What was signed as a header is no S3 checksum of the object.
      if (encoding === 'base64') this.checksums.set(checksum.algorithm, computed);
    }
    return null;
  }
}

function malformedTrailer(): AwsFault {
  return new AwsFault(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}
