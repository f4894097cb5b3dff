// Decodes `Content-Encoding: aws-chunked` bodies as a stream, checking chunk signatures and the trailer's.
// Follows "Transferring payload in multiple chunks" and "Including trailing headers" of the Amazon S3 reference.
import { createHash, type Hash, hash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { EMPTY_SHA256 } from './request.ts';
import { hmacHex, secretsEqual } from './signing-key.ts';

/** What chunks are signed with, and what they are chained to. */
export interface ChunkSigning {
  readonly signingKey: Buffer;
  /** Signature of the request's head. */
  readonly seedSignature: string;
  readonly amzDate: string;
  /** `date/region/service/aws4_request`. */
  readonly scope: string;
}

export interface ChunkedOptions {
  /** Absent for STREAMING-UNSIGNED-PAYLOAD-TRAILER. */
  readonly signing?: ChunkSigning | undefined;
  /** True for the `-TRAILER` forms: header lines may follow the last chunk. */
  readonly trailer: boolean;
  /** `x-amz-decoded-content-length`; the decoded body must have exactly this many bytes. */
  readonly decodedLength: number;
}

/** `framing`: not aws-chunked. `length`: other than announced. `signature`: a chunk or the trailer was not signed so. */
export type ChunkFailure = 'framing' | 'length' | 'signature';

/** Ends the stream of a body that must not be believed. */
export class ChunkError extends Error {
  override readonly name = 'ChunkError';
  readonly failure: ChunkFailure;

  constructor(failure: ChunkFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** A chunk's head or a trailer line may not be longer: no client needs it, and it bounds what is kept. */
const LINE_BYTES_MAX = 4_096;
const TRAILERS_MAX = 16;

type State = 'head' | 'data' | 'data-end' | 'trailer' | 'done';

/**
 * Bytes of an aws-chunked body in, bytes of the object out. Chunks are passed on before their signature is
 * checked, so that none is held in memory: the reader must discard everything when the stream errors.
 */
export class ChunkedDecoder extends Transform {
  /** Trailer lines by lower-case name; complete when the stream has ended. */
  readonly trailers = new Map<string, string>();
  readonly #options: ChunkedOptions;
  #state: State = 'head';
  #line: Buffer[] = [];
  #lineBytes = 0;
  #chunkLeft = 0;
  #decoded = 0;
  #hash: Hash | undefined;
  #signature = '';
  #previous: string;
  #last = false;
  #trailerText = '';
  #trailerLines = 0;

  constructor(options: ChunkedOptions) {
    super();
    this.#options = options;
    this.#previous = options.signing?.seedSignature ?? '';
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      let at = 0;
      while (at < bytes.length) at = this.#state === 'data' ? this.#data(bytes, at) : this.#text(bytes, at);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      if (!this.#last || this.#state === 'head' || this.#state === 'data' || this.#lineBytes > 0)
        throw new ChunkError('framing', 'the body ended inside a chunk');
      if (this.#options.trailer && this.#state !== 'done') this.#endTrailer();
      if (this.#decoded !== this.#options.decodedLength)
        throw new ChunkError(
          'length',
          `${this.#decoded} bytes instead of the ${this.#options.decodedLength} announced`,
        );
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  /** Passes on what belongs to the current chunk. Returns the index after it. */
  #data(bytes: Buffer, at: number): number {
    const piece = bytes.subarray(at, at + this.#chunkLeft);
    this.#chunkLeft -= piece.length;
    this.#decoded += piece.length;
    if (this.#decoded > this.#options.decodedLength)
      throw new ChunkError('length', `more than the ${this.#options.decodedLength} bytes announced`);
    this.#hash?.update(piece);
    this.push(piece);
    if (this.#chunkLeft === 0) {
      this.#checkChunk();
      this.#state = 'data-end';
    }
    return at + piece.length;
  }

  /** Collects one line, and acts on it when it is whole. Returns the index after what it took. */
  #text(bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    this.#line.push(bytes.subarray(at, end));
    this.#lineBytes += end - at;
    if (this.#lineBytes > LINE_BYTES_MAX) throw new ChunkError('framing', 'a line is too long');
    if (newline >= 0) {
      const line = Buffer.concat(this.#line)
        .toString('latin1')
        .replace(/\r?\n$/, '');
      this.#line = [];
      this.#lineBytes = 0;
      this.#onLine(line);
    }
    return end;
  }

  #onLine(line: string): void {
    if (this.#state === 'head') this.#head(line);
    else if (this.#state === 'trailer') this.#trailerLine(line);
    else if (line !== '') throw new ChunkError('framing', 'bytes after the end of a chunk');
    else if (this.#state === 'data-end') this.#state = 'head';
  }

  #head(line: string): void {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
    if (!match?.[1]) throw new ChunkError('framing', 'a chunk has no readable head');
    if (this.#options.signing && !match[2]) throw new ChunkError('framing', 'a chunk has no signature');
    this.#signature = match[2] ?? '';
    this.#chunkLeft = Number.parseInt(match[1], 16);
    if (this.#options.signing) this.#hash = createHash('sha256');
    if (this.#chunkLeft > 0) {
      this.#state = 'data';
      return;
    }
    this.#last = true;
    this.#checkChunk();
    this.#state = this.#options.trailer ? 'trailer' : 'done';
  }

  #checkChunk(): void {
    const { signing } = this.#options;
    if (!signing || !this.#hash) return;
    const text = `AWS4-HMAC-SHA256-PAYLOAD\n${signing.amzDate}\n${signing.scope}\n${this.#previous}\n${EMPTY_SHA256}\n${this.#hash.digest('hex')}`;
    if (!secretsEqual(hmacHex(signing.signingKey, text), this.#signature))
      throw new ChunkError('signature', 'a chunk was changed after it was signed');
    this.#previous = this.#signature;
    this.#hash = undefined;
  }

  #trailerLine(line: string): void {
    if (line === '') {
      this.#endTrailer();
      return;
    }
    const colon = line.indexOf(':');
    this.#trailerLines += 1;
    // Lines are counted, not names: one name repeated would fill the text to be signed without end.
    if (colon <= 0 || this.#trailerLines > TRAILERS_MAX)
      throw new ChunkError('framing', 'a trailer line is not readable');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    this.trailers.set(name, value);
    if (name !== 'x-amz-trailer-signature') this.#trailerText += `${name}:${value}\n`;
  }

  #endTrailer(): void {
    this.#state = 'done';
    const { signing } = this.#options;
    if (!signing) return;
    const text = `AWS4-HMAC-SHA256-TRAILER\n${signing.amzDate}\n${signing.scope}\n${this.#previous}\n${hash('sha256', this.#trailerText, 'hex')}`;
    const provided = this.trailers.get('x-amz-trailer-signature') ?? '';
    if (!secretsEqual(hmacHex(signing.signingKey, text), provided))
      throw new ChunkError('signature', 'the trailer was changed after it was signed');
  }
}
