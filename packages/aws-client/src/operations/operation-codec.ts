// What a call needs of a wire protocol: the request of an operation, and what its answer says.
import type { AwsError } from '../aws-error.ts';
import type { AwsTarget } from '../aws-target.ts';
import type { HttpAnswer } from '../transport.ts';

export type Values = Readonly<Record<string, unknown>>;

/** A request without host and signature. */
export interface OperationRequest {
  readonly method: string;
  /** Raw, with its leading slash. */
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** The bucket that the request is about, which stands in the host or before the path. */
  readonly bucket?: string | undefined;
}

export interface OperationCodec {
  /** Throws an Error for an operation that the model does not have. */
  request(operation: string, input: Values): OperationRequest;
  /** True for an answer that says by its body that the call failed, although its status is that of a success. */
  hidesError(answer: HttpAnswer): boolean;
  /** Reads a success. Throws an Error when it is not what the model says. */
  output(operation: string, answer: HttpAnswer): Values;
  errorOf(target: AwsTarget, answer: HttpAnswer): AwsError;
}
