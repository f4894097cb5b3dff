// Requests as bytes, for what no client would send: signed by our signer, sent over a bare socket.
import { connect } from 'node:net';
import { type SigningCredentials, signRequest } from '@pergola/sigv4';

export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  /** With the query. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface SignedRequest extends RawRequest {
  readonly service: string;
  readonly credentials: SigningCredentials;
  readonly port: number;
  readonly nowMs?: number;
}

/** The headers of a request with its signature over all of them. */
export function signedHeaders(request: SignedRequest): Record<string, string> {
  const { method = 'GET', path = '/', body = '', service, credentials, nowMs = Date.now() } = request;
  const [pathname = '/', query = ''] = path.split('?');
  const headers = {
    host: `127.0.0.1:${request.port}`,
    'content-length': String(Buffer.byteLength(body)),
    ...request.headers,
  };
  const signable = { method, path: pathname, query, headers };
  return signRequest(signable, { credentials, region: 'us-east-1', service, nowMs, body });
}

/** A request as it goes over the wire. The connection ends with its answer. */
export function bytesOf({ method = 'GET', path = '/', headers = {}, body = '' }: RawRequest): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}connection: close\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

/**
 * Sends bytes and reads until the other side has nothing more to say. `cut`: nothing more will come from here, and the
 * other side is told; it then owes no answer.
 */
export function speak(port: number, bytes: Uint8Array, cut = false): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => (cut ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (piece) => pieces.push(piece));
    // A connection that is reset may have been answered before.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(parse(Buffer.concat(pieces))));
  });
}

function parse(answer: Buffer): RawAnswer {
  const end = answer.indexOf('\r\n\r\n');
  const [first = '', ...lines] = answer.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  return { status, headers, body: answer.subarray(end + 4).toString() };
}
