// Calls in the JSON protocols 1.0 and 1.1: CloudWatch Logs, DynamoDB and their kind.
import { isRecord } from '@pergola/kernel';
import { AwsError } from './aws-error.ts';
import type { AwsTarget } from './aws-target.ts';
import { endpointOf } from './endpoint.ts';
import {
  type AwsRequest,
  type CallOptions,
  requestIdOf,
  retryAfterMsOf,
  sendRequest,
} from './signed-request.ts';
import type { HttpAnswer } from './transport.ts';

export interface JsonCall extends CallOptions {
  /** As signatures name it, e.g. `logs`. */
  readonly service: string;
  /** `X-Amz-Target`, e.g. `Logs_20140328.PutLogEvents`. */
  readonly target: string;
  /** An object is written as JSON; bytes and text go as they are, e.g. compressed. */
  readonly body: object | string | Uint8Array;
  /** Further headers, in lower case, e.g. `content-encoding`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `1.0` for DynamoDB. Default `1.1`. */
  readonly jsonVersion?: '1.0' | '1.1' | undefined;
}

export interface JsonAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;
}

/**
 * Makes one call, once: whoever calls decides about further tries. Throws AwsError; `InvalidAnswer` when a success
 * holds no JSON object, as after an answer that was cut off.
 */
export async function callJson(target: AwsTarget, call: JsonCall): Promise<JsonAnswer> {
  const answer = await sendRequest(target, jsonRequest(target, call), (refused) =>
    jsonError(target, refused),
  );
  const requestId = requestIdOf(answer.headers);
  const body = answer.body.length === 0 ? {} : parse(answer.body);
  if (isRecord(body)) return { body, requestId };
  throw new AwsError(answer.status, 'InvalidAnswer', 'the answer is no JSON object', { requestId });
}

/** The request of a call; the event stream begins with the same. */
export function jsonRequest(target: AwsTarget, call: JsonCall): AwsRequest {
  const { service, body, jsonVersion = '1.1', signal, timeoutMs, answerBytesMax } = call;
  const { region, endpoint, env } = target;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const url = endpointOf({ service, region, endpoint, env });
  return {
    service,
    method: 'POST',
    url,
    headers: {
      'content-type': `application/x-amz-json-${jsonVersion}`,
      'x-amz-target': call.target,
      ...call.headers,
    },
    body: raw ? body : JSON.stringify(body),
    signal,
    timeoutMs,
    answerBytesMax,
  };
}

/** The error that an answer carries: its code stands in a header or in the body, with or without a namespace. */
export function jsonError(target: AwsTarget, { status, headers, body }: HttpAnswer): AwsError {
  const parsed = parse(body);
  const fields = isRecord(parsed) ? parsed : {};
  const named = headers['x-amzn-errortype'] ?? fields['__type'] ?? fields['code'];
  const text = fields['message'] ?? fields['Message'] ?? fields['errorMessage'];
  const facts = {
    requestId: requestIdOf(headers),
    retryAfterMs: retryAfterMsOf(headers, target.clock.nowMs()),
    members: fields,
  };
  return new AwsError(status, bareCode(named) ?? `HTTP${status}`, textOr(text, body, status), facts);
}

/** `com.amazonaws.logs#ResourceNotFoundException:http://…` is `ResourceNotFoundException`. */
function bareCode(named: unknown): string | undefined {
  const code = typeof named === 'string' ? named.replace(/^.*#/, '').replace(/:.*$/s, '').trim() : '';
  return code === '' ? undefined : code;
}

function textOr(text: unknown, body: Buffer, status: number): string {
  if (typeof text === 'string') return text;
  return body.toString('utf8', 0, 500) || `the answer was HTTP ${status} without a body`;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Not JSON: a proxy's page, or an answer that was cut off. The callers say so.
    return undefined;
  }
}
