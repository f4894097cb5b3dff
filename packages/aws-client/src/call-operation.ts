// Calls of any operation of a modelled service, in the shapes of the SDK: Date for timestamps, Uint8Array for blobs.
import type { ServiceName } from '@pergola/aws-model';
import { AwsError } from './aws-error.ts';
import type { AwsTarget } from './aws-target.ts';
import type { CallOptions } from './signed-request.ts';

export interface OperationCall extends CallOptions {
  readonly service: ServiceName;
  /** Wire name, e.g. `DescribeDBInstances`. */
  readonly operation: string;
  readonly input: object;
}

export interface OperationAnswer {
  readonly output: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;
}

/** Makes one call, once. Throws AwsError. */
export function callOperation(_target: AwsTarget, call: OperationCall): Promise<OperationAnswer> {
  throw new AwsError(0, 'NotImplemented', `${call.service}:${call.operation} is not implemented yet`);
}
