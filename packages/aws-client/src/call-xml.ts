// Calls whose answers are XML: the query protocol (STS, IAM) and S3.
import { createHash } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { AwsTarget } from './aws-target.ts';
import { endpointOf } from './endpoint.ts';
import { type CallOptions, requestIdOf, retryAfterMsOf, sendRequest } from './signed-request.ts';
import type { HttpAnswer } from './transport.ts';
import { xmlTexts } from './xml-text.ts';

export interface QueryCall extends CallOptions {
  /** `sts` or `iam`. */
  readonly service: string;
  readonly action: string;
  /** Version of the API, e.g. `2011-06-15`. */
  readonly version: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Makes one call of the query protocol, once. Returns the answer's XML; throws AwsError. */
export async function callQuery(target: AwsTarget, call: QueryCall): Promise<string> {
  const { service, action, version, parameters, ...options } = call;
  const { region, endpoint, env } = target;
  const form = new URLSearchParams({ Action: action, Version: version, ...parameters });
  const request = {
    service,
    method: 'POST',
    url: endpointOf({ service, region, endpoint, env }),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString(),
    ...options,
  };
  const answer = await sendRequest(target, request, (refused) => xmlError(target, refused));
  return answer.body.toString('utf8');
}

/** A call of S3 on a bucket. */
export interface BucketCall {
  readonly bucket: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path below the bucket, percent-encoded, with its leading slash. */
  readonly path: string;
  /** Without the question mark. */
  readonly query?: string | undefined;
  readonly body?: string | undefined;
  /** Default `application/xml`. */
  readonly contentType?: string | undefined;
}

/** Makes one call of S3, once. AWS's own hosts carry the bucket in the name, other endpoints in the path. */
export async function callBucket(target: AwsTarget, call: BucketCall): Promise<string> {
  const { method, body, contentType = 'application/xml' } = call;
  const headers: Record<string, string> =
    body === undefined
      ? {}
      : {
          'content-type': contentType,
          // Some operations on buckets demand it.
          'content-md5': createHash('md5').update(body).digest('base64'),
        };
  const request = { service: 's3', method, url: bucketUrl(target, call), headers, body };
  const answer = await sendRequest(target, request, (refused) => xmlError(target, refused));
  return answer.body.toString('utf8');
}

function bucketUrl({ region, endpoint, env }: AwsTarget, { bucket, path, query }: BucketCall): URL {
  const base = endpointOf({ service: 's3', region, endpoint, env });
  const url = new URL(base);
  const onAws = base.href === endpointOf({ service: 's3', region }).href;
  if (onAws) url.hostname = `${bucket}.${base.hostname}`;
  url.pathname = onAws ? path : `/${bucket}${path}`;
  url.search = query ? `?${query}` : '';
  return url;
}

/** The error that an answer in XML carries. */
export function xmlError(target: AwsTarget, { status, headers, body }: HttpAnswer): AwsError {
  const text = body.toString('utf8');
  const [code = `HTTP${status}`] = xmlTexts(text, 'Code');
  const [message = text.slice(0, 500) || `the answer was HTTP ${status} without a body`] = xmlTexts(
    text,
    'Message',
  );
  const [stated] = xmlTexts(text, 'RequestId');
  return new AwsError(status, code, message, {
    requestId: requestIdOf(headers) ?? stated,
    retryAfterMs: retryAfterMsOf(headers, target.clock.nowMs()),
  });
}
