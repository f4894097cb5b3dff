// HTTP as AWS needs it: connections that stay open, answers that are bounded, an end to every wait.
import http from 'node:http';
import https from 'node:https';
import { type Clock, systemClock } from '@pergola/kernel';
import { AwsError } from './aws-error.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the whole answer must be there. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Default 32 MiB. */
  readonly answerBytesMax?: number | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends requests; all failures are AwsErrors with status 0, or the signal's reason. */
export interface Transport extends AsyncDisposable {
  /** Resolves with the whole answer, whatever its status. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Resolves when the answer has begun; `timeoutMs` counts until then. The caller reads or destroys it. */
  open(request: HttpRequest): Promise<http.IncomingMessage>;
}

export interface TransportOptions {
  /** PEM of the authorities to trust instead of Node's own. */
  readonly ca?: string | undefined;
  /** Takes any certificate: for tests of others, never a default. */
  readonly insecureSkipVerify?: boolean | undefined;
  /** Connections to one host at a time. Default 32. */
  readonly socketsMax?: number | undefined;
  readonly clock?: Clock | undefined;
}

const defaultTimeoutMs = 60_000;
const defaultAnswerBytesMax = 32 * 2 ** 20;

/** A transport with connections of its own, which disposal closes. */
export function createTransport(options: TransportOptions = {}): Transport {
  const { ca, socketsMax: maxSockets = 32, clock = systemClock } = options;
  const agents: Agents = {
    plain: new http.Agent({ keepAlive: true, maxSockets }),
    secure: new https.Agent({
      keepAlive: true,
      maxSockets,
      rejectUnauthorized: options.insecureSkipVerify !== true,
      ...(ca === undefined ? {} : { ca }),
    }),
  };
  return {
    send: (request) => send(request, agents, clock),
    open: (request) => open(request, agents, clock),
    async [Symbol.asyncDispose]() {
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

/** The process's own connections: for a few calls, where nothing about TLS is to be chosen. */
export const sharedTransport: Transport = {
  send: (request) => send(request, undefined, systemClock),
  open: (request) => open(request, undefined, systemClock),
  async [Symbol.asyncDispose]() {
    // The agents belong to the process.
  },
};

interface Agents {
  readonly plain: http.Agent;
  readonly secure: https.Agent;
}

async function send(request: HttpRequest, agents: Agents | undefined, clock: Clock): Promise<HttpAnswer> {
  const { outgoing, answered, finish } = start(request, agents, clock);
  try {
    const incoming = await answered;
    const body = await readAll(incoming, request);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body };
  } catch (error) {
    outgoing.destroy();
    throw failureOf(error, request);
  } finally {
    finish();
  }
}

async function open(
  request: HttpRequest,
  agents: Agents | undefined,
  clock: Clock,
): Promise<http.IncomingMessage> {
  const { outgoing, answered, finish } = start(request, agents, clock);
  try {
    return await answered;
  } catch (error) {
    outgoing.destroy();
    throw failureOf(error, request);
  } finally {
    finish();
  }
}

/** Sends the request off. `finish` ends the watch over time; the signal keeps its power over the connection. */
function start(request: HttpRequest, agents: Agents | undefined, clock: Clock) {
  const { url, method, headers, body = '', signal, timeoutMs = defaultTimeoutMs } = request;
  const secure = url.protocol === 'https:';
  const agent = secure ? agents?.secure : agents?.plain;
  const outgoing = (secure ? https : http).request(url, {
    method,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    ...(agent ? { agent } : {}),
    ...(signal ? { signal } : {}),
  });
  const timer = clock.after(timeoutMs, () => {
    outgoing.destroy(new AwsError(0, 'TimeoutError', `no answer from ${url.host} within ${timeoutMs} ms`));
  });
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    // Also after the answer has begun: without a listener a later error would end the process.
    outgoing.on('error', reject);
  });
  outgoing.end(body);
  return { outgoing, answered, finish: () => timer.cancel() };
}

async function readAll(incoming: http.IncomingMessage, request: HttpRequest): Promise<Buffer> {
  const { answerBytesMax = defaultAnswerBytesMax } = request;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > answerBytesMax) {
      throw new AwsError(
        incoming.statusCode ?? 0,
        'AnswerTooLarge',
        `${request.url.host} answered with more than ${answerBytesMax} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

/** Names what went wrong. An abort keeps the signal's own reason. */
function failureOf(error: unknown, { url, signal }: HttpRequest): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof AwsError) return error;
  const cause = firstOf(error);
  const message = cause instanceof Error ? cause.message || String(cause) : String(cause);
  const code = codeOf(cause);
  if (/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT)/.test(code)) {
    return new AwsError(0, 'CertificateError', `${url.host} is not trusted: ${message}`, { cause: error });
  }
  return new AwsError(0, 'NetworkingError', `cannot reach ${url.host}: ${message}`, { cause: error });
}

/** A name with several addresses fails with all of their errors; the first tells enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

function codeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
}
