// The listener: HTTP/1.1 over TLS. Turns requests into calls, runs them through the filters, writes the answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Answer, AuditStage, Call, Plane, RequestTrail, StreamAnswer, WholeAnswer } from './contract.ts';
import { ANONYMOUS } from './filters/authenticate.ts';
import { filters } from './filters/index.ts';
import { toKubeStatus, statusAnswer } from './render/status.ts';
import { warningHeaders } from './render/warnings.ts';
import { bodyReader } from './request/body.ts';
import { emptyNotes } from './request/call-notes.ts';
import { requestInfoOf } from './request/request-info.ts';
import { startLine } from './request/start-line.ts';

export interface ServerOptions {
  readonly plane: Plane;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string };
}

/** A client may keep its connection open for this long between requests. */
const KEEP_ALIVE_MS = 180_000;

/** Resolves when the port answers; rejects when it is taken. */
export async function listen(options: ServerOptions): Promise<Server> {
  const { plane } = options;
  const server = createServer({
    cert: options.tls.cert,
    key: options.tls.key,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.on('request', (request, response) => void serve(plane, request, response));
  const tunnels = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    // The server forgets upgraded connections, so that closing it must end them by hand.
    tunnels.add(socket);
    socket.once('close', () => tunnels.delete(socket));
    void serveUpgrade(plane, request, { socket, head });
  });
  plane.closing.addEventListener('abort', () => {
    for (const socket of tunnels) socket.destroy();
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseMalformed(error, socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}

async function serve(plane: Plane, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = callOf(request, response);
  const trail = plane.audit.begin(call, request.url ?? '/');
  const answer = await answerOf(plane, call);
  response.setHeader('Audit-Id', trail.auditId);
  if (call.warnings.length > 0) response.setHeader('Warning', warningHeaders(call.warnings));
  try {
    if ('stream' in answer) await serveStream(answer, response, trail);
    else if ('upgrade' in answer) writeWhole(response, upgradeRequired(), request.method);
    else writeWhole(response, answer, request.method);
    if (!('stream' in answer)) trail.tell(lastStage(call), response.statusCode);
  } catch (error) {
    plane.logger.debug({ path: call.path, error: String(error) }, 'answer broke off');
    response.destroy();
  }
  if (!request.complete) request.resume();
}

/** Long-running: it is told of when it begins, and again when its last byte is written or the client has gone. */
async function serveStream(
  answer: StreamAnswer,
  response: ServerResponse,
  trail: RequestTrail,
): Promise<void> {
  trail.tell('ResponseStarted', 200);
  response.once('close', () => trail.tell('ResponseComplete', response.statusCode));
  await answer.stream(response);
}

function lastStage(call: Call): AuditStage {
  return call.notes.isBug ? 'Panic' : 'ResponseComplete';
}

async function serveUpgrade(
  plane: Plane,
  request: IncomingMessage,
  connection: { readonly socket: Duplex; readonly head: Buffer },
): Promise<void> {
  const { socket, head } = connection;
  // An error is followed by `close`, which is what everything here waits for.
  socket.on('error', () => {});
  const call = callOf(request, socket);
  const trail = plane.audit.begin(call, request.url ?? '/');
  const answer = await answerOf(plane, call);
  if ('upgrade' in answer) {
    trail.tell('ResponseStarted', 101);
    socket.once('close', () => trail.tell('ResponseComplete', 101));
    try {
      await answer.upgrade(socket, head);
    } catch (error) {
      plane.logger.debug({ path: request.url?.split('?')[0], error: String(error) }, 'tunnel broke off');
      socket.destroy();
    }
    return;
  }
  trail.tell(lastStage(call), 'stream' in answer ? 400 : answer.status);
  socket.end('stream' in answer ? startLine(400, {}) : wholeText(answer));
}

/** `outgoing` closes when the client has gone, or has been answered. */
function callOf(request: IncomingMessage, outgoing: ServerResponse | Duplex): Call {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  const method = request.method ?? 'GET';
  let signal: AbortSignal | undefined;
  return {
    method,
    path,
    query,
    headers: request.headers,
    info: safeRequestInfo(method, path, query),
    user: ANONYMOUS,
    notes: emptyNotes(),
    warnings: [],
    // Made only for the few handlers that wait for it: an abort costs more than a whole read.
    get signal() {
      signal ??= closeSignal(outgoing);
      return signal;
    },
    remoteAddress: request.socket.remoteAddress ?? '',
    body: bodyReader(request),
  };
}

function closeSignal(outgoing: ServerResponse | Duplex): AbortSignal {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  else outgoing.once('close', () => gone.abort());
  return gone.signal;
}

/** A path with a bad escape is of no resource; the discovery of paths answers it with 404. */
function safeRequestInfo(method: string, path: string, query: URLSearchParams) {
  try {
    return requestInfoOf(method, path, query);
  } catch {
    return requestInfoOf(method, '/malformed', query);
  }
}

async function answerOf(plane: Plane, call: Call): Promise<Answer> {
  try {
    for (const filter of filters) {
      const answer = await filter(call, plane);
      if (answer) return answer;
    }
    throw new Error('no filter answered');
  } catch (error) {
    const status = toKubeStatus(error, plane.logger, call.path);
    call.notes.failure = status;
    call.notes.isBug = error !== status && !(error instanceof URIError);
    return statusAnswer(status);
  }
}

function writeWhole(response: ServerResponse, answer: WholeAnswer, method: string | undefined): void {
  const { body } = answer;
  // A text is sent together with the head, as one TLS record; bytes would be a second one.
  const sizeBytes = Buffer.byteLength(body);
  const headers = { 'Cache-Control': 'no-cache, private', ...answer.headers, 'Content-Length': sizeBytes };
  response.writeHead(answer.status, headers);
  response.end(method === 'HEAD' ? undefined : body);
}

function wholeText(answer: WholeAnswer): Buffer {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const head = startLine(answer.status, {
    ...answer.headers,
    'Content-Length': String(body.length),
    Connection: 'close',
  });
  return Buffer.concat([Buffer.from(head), body]);
}

function upgradeRequired(): WholeAnswer {
  return {
    status: 400,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: 'Upgrade request required\n',
  };
}

function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  socket.end(startLine(status, { Connection: 'close', 'Content-Length': '0' }));
}
