// The HTTP server in front of the pipeline: its limits, its health page, and what it does with bytes that are no HTTP.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AnswerCall } from './pipeline/index.ts';

/** Clients keep connections for a minute: the server must not be the first to close one. */
const KEEP_ALIVE_MS = 76_000;
const HEADER_BYTES_MAX = 65_536;
/** A slow upload of the largest part may take its time; heads have node's minute. */
const REQUEST_MS_MAX = 3_600_000;

/** Listens for calls and hands them to `answer`. Rejects when the address is taken. */
export function listen(
  answer: AnswerCall,
  address: { readonly host: string; readonly port: number },
): Promise<Server> {
  const answers = new WeakMap<Socket, ServerResponse>();
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answers.set(incoming.socket, outgoing);
    if (incoming.url === '/_pergola/health') {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}\n');
      return;
    }
    void answer(incoming, outgoing);
  };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: REQUEST_MS_MAX },
    onRequest,
  );
  // The pipeline says `100 Continue` itself, when it knows that it wants the body.
  server.on('checkContinue', onRequest);
  server.on('clientError', (error, socket: Socket) => refuse(error, socket, answers.get(socket)));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => resolve(server));
  });
}

/**
 * Bytes that are no HTTP: answered and dropped, so that they cost nothing more. An answer that is on its way is not
 * written into: neither its body nor what follows the answer to a request that never came to its end.
 */
function refuse(error: NodeJS.ErrnoException, socket: Socket, last: ServerResponse | undefined): void {
  const begun = last?.headersSent ?? false;
  if (error.code === 'ECONNRESET' || !socket.writable || (begun && !last?.writableFinished)) {
    socket.destroy();
    return;
  }
  if (begun && !last?.req.complete) {
    socket.end();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Stops listening; resolves when the calls under way are answered. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Connections that become idle from now on are closed at once.
    server.keepAliveTimeout = 1;
  });
}
