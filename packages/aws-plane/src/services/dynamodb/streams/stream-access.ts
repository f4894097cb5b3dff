// The stream that a request names, and what policies are asked about it.
import { AwsFault } from '../../../fault.ts';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import type { Access } from '../../../operation.ts';
import { checkOnResource } from '../access.ts';
import { resourceOf, type ResourceName } from '../arn.ts';
import { faults } from '../faults.ts';
import { findStream, type StreamRecord } from './stream-state.ts';

export const noSuchStream = (arn = '') =>
  new AwsFault('ResourceNotFoundException', 400, `Requested resource not found: Stream: ${arn} not found`);

export function streamNameOf(call: Call, arn: string | undefined): ResourceName {
  const found = resourceOf(call, arn);
  if (found.kind !== 'stream') throw faults.validation(`Invalid StreamArn: ${arn ?? ''}`);
  return found;
}

export function checkOnStream(call: Call, action: string, arn: string | undefined): AccessCheck {
  return checkOnResource(call, action, streamNameOf(call, arn));
}

export function onStream<Input extends { readonly StreamArn?: string | undefined }>(
  action: string,
): Access<Input> {
  return { iam: (input, call) => [checkOnStream(call, action, input.StreamArn)] };
}

/** The stream, or ResourceNotFoundException. */
export function streamAt(call: Call, arn: string | undefined): StreamRecord {
  const { table, id } = streamNameOf(call, arn);
  const stream = findStream(call.plane.store, table, id);
  if (!stream) throw noSuchStream(arn);
  return stream;
}
