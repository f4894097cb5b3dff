// One HTTP request to AWS: addressed, signed, sent. What the answer means is for the protocols beside this file.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type SigningCredentials, signRequest } from '@pergola/sigv4';
import { type AwsError, isCredentialRefusal } from './aws-error.ts';
import type { AwsTarget } from './aws-target.ts';
import type { CredentialSource } from './credentials/source.ts';
import { signingRegionOf } from './region.ts';
import { type HttpAnswer, type HttpRequest, sharedTransport } from './transport.ts';

/** What every call may say, whatever its protocol. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the answer must be there. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Default 32 MiB. */
  readonly answerBytesMax?: number | undefined;
}

export interface AwsRequest extends CallOptions {
  readonly service: string;
  readonly method: string;
  readonly url: URL;
  /** Without `host`. All of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

/** Sends the request and resolves with a success; `errorOf` makes the error of any other answer. */
export async function sendRequest(
  target: AwsTarget,
  request: AwsRequest,
  errorOf: (answer: HttpAnswer) => AwsError,
): Promise<HttpAnswer> {
  const answer = await (target.transport ?? sharedTransport).send(await signed(target, request));
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw refuse(target, errorOf(answer));
}

/** As `sendRequest`, and resolves as soon as the answer has begun. */
export async function openRequest(
  target: AwsTarget,
  request: AwsRequest,
  errorOf: (answer: HttpAnswer) => AwsError,
): Promise<IncomingMessage> {
  const incoming = await (target.transport ?? sharedTransport).open(await signed(target, request));
  const status = incoming.statusCode ?? 0;
  if (status >= 200 && status < 300) return incoming;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    // An error is small; what is beyond this would only be thrown away.
    if (sizeBytes > 2 ** 20) break;
    chunks.push(chunk);
  }
  throw refuse(target, errorOf({ status, headers: incoming.headers, body: Buffer.concat(chunks) }));
}

/** Credentials that AWS refused are not used again. */
function refuse(target: AwsTarget, error: AwsError): AwsError {
  const { credentials } = target;
  if (credentials !== undefined && 'get' in credentials && isCredentialRefusal(error)) {
    credentials.invalidate();
  }
  return error;
}

async function signed(target: AwsTarget, request: AwsRequest): Promise<HttpRequest> {
  const { service, method, url, body } = request;
  const headers = { ...request.headers, host: url.host };
  const credentials = await credentialsOf(target.credentials);
  if (credentials === undefined) return { ...request, headers };
  const covered = signRequest(
    { method, path: url.pathname, query: url.search.slice(1), headers },
    {
      credentials,
      region: signingRegionOf(service, target.region),
      service,
      nowMs: target.clock.nowMs(),
      ...(body === undefined ? {} : { body }),
    },
  );
  return { ...request, headers: covered };
}

async function credentialsOf(
  given: SigningCredentials | CredentialSource | undefined,
): Promise<SigningCredentials | undefined> {
  return given !== undefined && 'get' in given ? given.get() : given;
}

/** The id under which AWS knows the call. */
export function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['x-amzn-requestid'] ?? headers['x-amz-request-id'];
  return Array.isArray(id) ? id[0] : id;
}

/** `Retry-After` in milliseconds: a number of seconds, or a date. */
export function retryAfterMsOf(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) && waitMs > 0 ? Math.min(waitMs, 3_600_000) : undefined;
}
