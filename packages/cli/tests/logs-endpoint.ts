// A CloudWatch Logs of the test: history in pages, and live tails whose updates the test sends.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';

const codec = new EventStreamCodec(toUtf8, fromUtf8);

export interface WireEvent {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface Tail {
  /** Sends one update. */
  update(events: readonly WireEvent[], sampled?: boolean): void;
  /** Ends the session with an exception. */
  fail(code: string, message: string): void;
  /** Breaks the connection. */
  cut(): void;
  readonly body: Record<string, unknown>;
}

const text = (value: string) => ({ type: 'string' as const, value });

function frame(headers: Record<string, string>, payload: object): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, text(value)])),
    body: Buffer.from(JSON.stringify(payload)),
  });
}

function tailOver(response: http.ServerResponse, body: Record<string, unknown>): Tail {
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  const send = (type: string, payload: object) =>
    response.write(frame({ ':message-type': 'event', ':event-type': type }, payload));
  send('initial-response', {});
  send('sessionStart', { sessionId: 's' });
  return {
    body,
    update: (events, sampled = false) =>
      void send('sessionUpdate', {
        sessionMetadata: { sampled },
        sessionResults: events.map((event) => ({ ...event, logGroupIdentifier: '123456789012:shop' })),
      }),
    fail: (code, message) =>
      void response.end(frame({ ':message-type': 'exception', ':exception-type': code }, { message })),
    cut: () => void response.destroy(),
  };
}

/** `pages` is read anew for each FilterLogEvents from the start; `onTail` gets each new session. */
export async function startLogs(
  pages: () => readonly (readonly WireEvent[])[],
  onTail: (tail: Tail) => void,
) {
  const filtered: Record<string, unknown>[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    if (String(request.headers['x-amz-target']).endsWith('StartLiveTail')) {
      onTail(tailOver(response, body));
      return;
    }
    filtered.push(body);
    const page = Number(body['nextToken'] ?? 0);
    const since = Number(body['startTime']);
    const events = (pages()[page] ?? []).filter(({ timestamp }) => timestamp >= since);
    const more = page + 1 < pages().length ? { nextToken: String(page + 1) } : {};
    response.end(JSON.stringify({ events, ...more }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    filtered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
