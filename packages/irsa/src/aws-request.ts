// One signed call to AWS, or to an endpoint that speaks like it. Small on purpose: publishing an issuer needs seven
// operations, and the SDK's clients would cost more to load than all of them to run.
import { createHash } from 'node:crypto';
import type { Clock } from '@pergola/kernel';
import { type SigningCredentials, signRequest } from '@pergola/sigv4';

const attemptsMax = 4;
const answerBytesMax = 4 * 1024 * 1024;
const timeoutMs = 30_000;

/** An error that AWS answered with, in its own words. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** AWS's error code, e.g. `EntityAlreadyExists`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Who calls AWS, and where it is. */
export interface AwsTarget {
  /** Base URL of an endpoint that serves every service; absent: AWS's own hosts. */
  readonly endpoint?: string | undefined;
  readonly credentials: SigningCredentials;
  readonly region: string;
  readonly clock: Clock;
}

export interface AwsCall {
  readonly service: 's3' | 'iam';
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Host on AWS itself; its path is used at an `endpoint` too. */
  readonly url: string;
  /** Path at an `endpoint`, where it differs from that of `url` (bucket in the path). */
  readonly endpointPath?: string;
  readonly body?: string;
  readonly contentType?: string;
}

/** Sends `call`, again after server errors. Returns the answer's text; throws AwsError. */
export async function sendAwsCall(target: AwsTarget, call: AwsCall): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(target, call);
    } catch (error) {
      if (!(error instanceof AwsError) || !isTransient(error) || attempt === attemptsMax) throw error;
      await target.clock.sleep(100 * 2 ** attempt);
    }
  }
}

function isTransient(error: AwsError): boolean {
  return (error.status >= 500 && error.status !== 501) || error.code === 'Throttling' || error.status === 429;
}

async function sendOnce(target: AwsTarget, call: AwsCall): Promise<string> {
  const url = resolveUrl(target, call);
  const body = call.body ?? '';
  const headers: Record<string, string> = { host: url.host };
  if (call.body !== undefined) {
    headers['content-type'] = call.contentType ?? 'application/xml';
    // Some operations on buckets demand it.
    if (call.service === 's3') headers['content-md5'] = createHash('md5').update(body).digest('base64');
  }
  const signed = signRequest(
    { method: call.method, path: url.pathname, query: url.search.slice(1), headers },
    {
      credentials: target.credentials,
      region: call.service === 'iam' ? 'us-east-1' : target.region,
      service: call.service,
      nowMs: target.clock.nowMs(),
      body,
    },
  );
  const { host: _host, ...sent } = signed;
  const response = await open(url, {
    method: call.method,
    headers: sent,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(call.body === undefined ? {} : { body }),
  });
  const text = await readText(response);
  if (response.ok) return text;
  const [code = `HTTP${response.status}`] = xmlTexts(text, 'Code');
  const [message = text.slice(0, 500) || response.statusText] = xmlTexts(text, 'Message');
  throw new AwsError(response.status, code, message);
}

function resolveUrl(target: AwsTarget, call: AwsCall): URL {
  const url = new URL(call.url);
  if (target.endpoint === undefined) return url;
  return new URL((call.endpointPath ?? url.pathname) + url.search, target.endpoint);
}

async function open(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const because = cause instanceof Error ? cause.message || String(cause) : String(cause);
    throw new AwsError(0, 'NetworkingError', `cannot reach ${url.host}: ${because}`);
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > answerBytesMax)
      throw new AwsError(response.status, 'AnswerTooLarge', 'the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The texts of all elements called `tag` that have no child elements. */
export function xmlTexts(xml: string, tag: string): string[] {
  const texts = xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'));
  return [...texts].map(([, text = '']) => unescapeXml(text));
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** The partition in whose ARNs the resources of `region` are named. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The domain under which the services of `region` are found. */
export function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
