// CloudWatch Logs as far as a collector needs it, with the failures of a bad day at command. It keeps what it accepted.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@pergola/kernel';
import { gunzipSync, inflateSync } from 'node:zlib';

export interface StoredEvent {
  readonly timestamp: number;
  readonly message: string;
}

export interface FakeCall {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** What to do instead of an orderly answer; undefined: be orderly. */
export type Fault =
  | {
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly retryAfter?: number;
    }
  /** Takes the events and cuts the answer off. */
  | 'halfAnswer'
  /** Closes the connection before anything is done. */
  | 'reset'
  /** Never answers. */
  | 'hang';

export class FakeLogs implements AsyncDisposable {
  readonly groups = new Map<string, Map<string, StoredEvent[]>>();
  readonly calls: FakeCall[] = [];
  /** Asked for each call. */
  fault: (call: FakeCall) => Fault | undefined = () => undefined;
  /** Added to the answer of each PutLogEvents. */
  rejected: ((events: readonly StoredEvent[]) => object | undefined) | undefined;
  readonly #server = http.createServer((request, response) => void this.#serve(request, response));

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Messages of a stream, in the order in which they were accepted. */
  messages(group: string, stream: string): string[] {
    return (this.groups.get(group)?.get(stream) ?? []).map(({ message }) => message);
  }

  /** All records of all streams, parsed. */
  records(): Record<string, unknown>[] {
    return [...this.groups.values()].flatMap((streams) =>
      [...streams.values()].flatMap((events) =>
        events.map(({ message }) => JSON.parse(message) as Record<string, unknown>),
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The caller was killed in the middle of its request.
      return;
    }
    const call = readCall(request, Buffer.concat(chunks));
    this.calls.push(call);
    const fault = this.fault(call);
    if (call.operation.startsWith('AssumeRole')) {
      answerSession(fault, response);
      return;
    }
    if (fault === 'hang') return;
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    if (typeof fault === 'object') {
      const { status, code, message = code, retryAfter } = fault;
      if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
      response.writeHead(status, { 'x-amzn-requestid': 'request-1' });
      response.end(JSON.stringify({ __type: code, message }));
      return;
    }
    const answer = this.#answer(call);
    response.writeHead('__type' in answer ? 400 : 200, { 'x-amzn-requestid': 'request-1' });
    const text = JSON.stringify(answer);
    if (fault !== 'halfAnswer') response.end(text);
    else {
      response.write(text.slice(0, 1));
      response.socket?.destroySoon();
    }
  }

  #answer({ operation, body }: FakeCall): object {
    const group = String(body['logGroupName']);
    const stream = String(body['logStreamName']);
    const streams = this.groups.get(group);
    if (operation === 'CreateLogGroup') {
      if (streams) return { __type: 'ResourceAlreadyExistsException', message: 'The group exists' };
      this.groups.set(group, new Map());
      return {};
    }
    if (!streams)
      return { __type: 'ResourceNotFoundException', message: 'The specified log group does not exist.' };
    if (operation === 'CreateLogStream') {
      if (streams.has(stream))
        return { __type: 'ResourceAlreadyExistsException', message: 'The stream exists' };
      streams.set(stream, []);
      return {};
    }
    if (operation !== 'PutLogEvents') return {};
    return this.#put(streams.get(stream), body['logEvents'] as StoredEvent[]);
  }

  #put(stored: StoredEvent[] | undefined, events: readonly StoredEvent[]): object {
    if (!stored)
      return { __type: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' };
    const invalid = problemOf(events);
    if (invalid) return { __type: 'InvalidParameterException', message: invalid };
    stored.push(...events);
    const rejectedLogEventsInfo = this.rejected?.(events);
    return { nextSequenceToken: '1', ...(rejectedLogEventsInfo ? { rejectedLogEventsInfo } : {}) };
  }
}

/** STS's answer: a session for an hour, or the refusal that `fault` names. */
function answerSession(fault: Fault | undefined, response: http.ServerResponse): void {
  if (typeof fault === 'object') {
    const { status, code, message = code } = fault;
    response.writeHead(status, { 'x-amzn-requestid': 'request-sts' });
    response.end(
      `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
    return;
  }
  const expires = new Date(systemClock.nowMs() + 3_600_000).toISOString();
  response.end(
    `<R><Credentials><AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
      `<SessionToken>t</SessionToken><Expiration>${expires}</Expiration></Credentials></R>`,
  );
}

/** What AWS refuses a batch for. */
function problemOf(events: readonly StoredEvent[]): string | undefined {
  if (events.length === 0 || events.length > 10_000) return `${events.length} events in a batch`;
  const sizeBytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
  if (sizeBytes > 1_048_576) return `Upload too large: ${sizeBytes} bytes exceeds limit of 1048576`;
  for (let index = 1; index < events.length; index++) {
    if ((events[index]?.timestamp ?? 0) < (events[index - 1]?.timestamp ?? 0)) {
      return 'Log events in a single PutLogEvents request must be in chronological order.';
    }
  }
  const spanMs = (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
  if (spanMs > 24 * 3_600_000)
    return 'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.';
  return events.some(({ message }) => message.length === 0) ? 'A message is empty' : undefined;
}

function readCall(request: http.IncomingMessage, raw: Buffer): FakeCall {
  const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
  if (target === undefined) {
    const form = new URLSearchParams(raw.toString('utf8'));
    return { operation: form.get('Action') ?? '', body: Object.fromEntries(form) };
  }
  const encoding = request.headers['content-encoding'];
  const bytes = encoding === 'gzip' ? gunzipSync(raw) : encoding === 'deflate' ? inflateSync(raw) : raw;
  return { operation: target, body: JSON.parse(bytes.toString('utf8')) as Record<string, unknown> };
}
