// Stands between a collector and the AWS endpoint, and does to its calls what networks and busy services do.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** While it is true every connection is cut. */
  down: boolean;
  /** How often each fault was done. */
  readonly counts: Readonly<Record<Fault, number>>;
  /** Events of calls that were carried out and whose answer was lost: whoever sent them must send them again. */
  readonly unansweredEvents: number;
}

type Fault = 'throttled' | 'failed' | 'halved' | 'cut';

/** Share of the calls that meet each fault while the endpoint is up. */
const shares: readonly (readonly [Fault, number])[] = [
  ['throttled', 0.2],
  ['failed', 0.05],
  ['halved', 0.05],
];

export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const counts: Record<Fault, number> = { throttled: 0, failed: 0, halved: 0, cut: 0 };
  const agent = new http.Agent({ keepAlive: true });
  const state = { down: false, unansweredEvents: 0 };
  const server = http.createServer((request, response) => {
    const fault = state.down ? 'cut' : drawFault();
    if (fault) counts[fault] += 1;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => response.destroy());
    request.on('end', () => {
      if (fault === 'cut') response.destroy();
      else if (fault === 'throttled') refuse(response, 400, 'ThrottlingException');
      else if (fault === 'failed') refuse(response, 500, 'InternalFailure');
      else forward(request, Buffer.concat(chunks), response, fault === 'halved');
    });
  });
  const forward = (
    request: http.IncomingMessage,
    body: Buffer,
    response: http.ServerResponse,
    halved: boolean,
  ) => {
    const { method = 'POST', url: path = '/', headers } = request;
    // The host is signed, so it stays the proxy's.
    const outgoing = http.request(targetUrl, { method, path, headers, agent }, (answer) => {
      // The call was carried out, and its answer is lost: what is sent again stands twice.
      if (halved) {
        if (answer.statusCode === 200) state.unansweredEvents += eventsIn(body);
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': '999' });
        response.write('{', () => response.destroy());
        answer.resume();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    outgoing.end(body);
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    get unansweredEvents() {
      return state.unansweredEvents;
    },
    get down() {
      return state.down;
    },
    set down(value: boolean) {
      state.down = value;
      if (value) server.closeAllConnections();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Quotes inside of messages are escaped, so that the member's name stands once for each event. */
function eventsIn(body: Buffer): number {
  let events = 0;
  for (let at = body.indexOf('"message":'); at >= 0; at = body.indexOf('"message":', at + 1)) events += 1;
  return events;
}

function drawFault(): Fault | undefined {
  let chance = Math.random();
  for (const [fault, share] of shares) {
    if (chance < share) return fault;
    chance -= share;
  }
  return undefined;
}

function refuse(response: http.ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ __type: code, message: 'as the proxy was told to' }));
}
