// What the pipeline knows of a wire protocol: one ServiceCodec per service, got from `load-codec.ts`.
import type { Readable } from 'node:stream';
import type { Protocol } from '@pergola/aws-model';
import type { AwsFault } from '../fault.ts';
import type { ServiceName } from '../operation.ts';

/** A request as it came over the wire, already authenticated or about to be. */
export interface WireRequest {
  /** Upper case. */
  readonly method: string;
  /** Raw path, never decoded: starts with `/`, has no query. */
  readonly path: string;
  /** Raw query string without the leading `?`; empty when there is none. */
  readonly query: string;
  /** Names in lower case, values as node:http joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The Host header, with or without a port. */
  readonly host: string;
  /**
   * Whole body, or the stream of it where `streams(operation)` holds. awsQuery finds its operation in the body, so
   * its requests are buffered before `route`; the other protocols route on the head alone (body may be empty there).
   */
  readonly body: Buffer | Readable;
}

/** A response for the wire. The request-id headers of the protocol are already among `headers`. */
export interface WireResponse {
  readonly status: number;
  /** Names in lower case. No content-length for a Readable unless the output gave one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable | undefined;
}

export interface FaultOptions {
  /** The request was HEAD: the answer has no body. */
  readonly head: boolean;
  /** The request's path, for S3's `<Resource>`. */
  readonly resource?: string | undefined;
}

/** Reads requests and writes responses of one service, for all the operations of its model. */
export interface ServiceCodec {
  readonly service: ServiceName;
  readonly protocol: Protocol;
  /** Finds the operation; undefined means that the pipeline answers `unknownOperation`. */
  route(request: WireRequest): { readonly operation: string } | undefined;
  /** True when the input has a streaming payload, so that the pipeline must not buffer the body. */
  streams(operation: string): boolean;
  /**
   * The input in the SDK's own shape: Date for timestamps, Uint8Array for blobs, Readable (or Buffer, as given) for
   * a streaming payload. Throws an AwsFault in AWS's words when the body is malformed.
   */
  decode(operation: string, request: WireRequest): object;
  /** The response for an output in the SDK's own shape. `[]` and undefined are different answers. */
  encode(operation: string, output: object, requestId: string): WireResponse;
  encodeFault(fault: AwsFault, requestId: string, options: FaultOptions): WireResponse;
  /** The fault of this protocol for a request that `route` does not know. */
  unknownOperation(request: WireRequest): AwsFault;
  /** All operations of the model, handler or not, sorted. */
  operationNames(): readonly string[];
}
