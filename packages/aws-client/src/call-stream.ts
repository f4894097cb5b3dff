// Calls whose answer is a stream of events: StartLiveTail.
import type { IncomingMessage } from 'node:http';
import { isRecord } from '@pergola/kernel';
import { AwsError } from './aws-error.ts';
import type { AwsTarget } from './aws-target.ts';
import { type JsonCall, jsonError, jsonRequest } from './call-json.ts';
import { endpointOf } from './endpoint.ts';
import { readEventStream, type StreamMessage } from './event-stream.ts';
import { openRequest, requestIdOf } from './signed-request.ts';

export interface StreamCall extends JsonCall {
  /** Before AWS's own host, e.g. `streaming-`. An endpoint that was configured is called as it stands. */
  readonly hostPrefix?: string | undefined;
  /** Milliseconds without a byte after which the stream counts as broken. Default 30,000. */
  readonly idleMs?: number | undefined;
}

const defaultIdleMs = 30_000;

export interface StreamEvent {
  /** `:event-type`, e.g. `sessionUpdate`. */
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Events in the order of their arrival. To stop reading, break out of the loop or abort the call's signal. */
export interface EventStream extends AsyncIterable<StreamEvent> {
  readonly requestId: string | undefined;
}

/** Opens the stream. Throws AwsError; so does the iteration when the service ends the stream with an error. */
export async function callStream(target: AwsTarget, call: StreamCall): Promise<EventStream> {
  const request = jsonRequest(target, call);
  const url = new URL(request.url);
  if (call.hostPrefix && url.href === endpointOf({ service: call.service, region: target.region }).href) {
    url.hostname = call.hostPrefix + url.hostname;
  }
  const incoming = await openRequest(target, { ...request, url }, (refused) => jsonError(target, refused));
  const requestId = requestIdOf(incoming.headers);
  const { idleMs = defaultIdleMs } = call;
  // A host that is gone without a word would be waited for without end.
  incoming.setTimeout(idleMs, () => {
    const text = `nothing came from ${url.host} for ${idleMs} ms`;
    incoming.destroy(new AwsError(0, 'TimeoutError', text, { requestId }));
  });
  return { requestId, [Symbol.asyncIterator]: () => eventsOf(incoming, call, requestId) };
}

async function* eventsOf(
  incoming: IncomingMessage,
  call: StreamCall,
  requestId: string | undefined,
): AsyncGenerator<StreamEvent> {
  try {
    for await (const message of readEventStream(incoming as AsyncIterable<Buffer>)) {
      yield eventOf(message, requestId);
    }
  } catch (error) {
    if (call.signal?.aborted) throw call.signal.reason;
    if (error instanceof AwsError) throw error;
    const because = error instanceof Error ? error.message : String(error);
    throw new AwsError(0, 'NetworkingError', `the stream broke off: ${because}`, { requestId, cause: error });
  } finally {
    incoming.destroy();
  }
}

function eventOf({ headers, payload }: StreamMessage, requestId: string | undefined): StreamEvent {
  const body = bodyOf(payload, requestId);
  if (headers[':message-type'] === 'event') return { type: headers[':event-type'] ?? '', body };
  const code = headers[':exception-type'] ?? headers[':error-code'] ?? 'UnknownError';
  const message = headers[':error-message'] ?? body['message'] ?? body['Message'] ?? code;
  throw new AwsError(400, code, String(message), { requestId });
}

function bodyOf(payload: Buffer, requestId: string | undefined): Record<string, unknown> {
  if (payload.length === 0) return {};
  try {
    const body: unknown = JSON.parse(payload.toString('utf8'));
    if (isRecord(body)) return body;
  } catch {
    // Said below, as for any other payload that is no object.
  }
  throw new AwsError(0, 'InvalidEventStream', 'the payload of an event is no JSON object', { requestId });
}
