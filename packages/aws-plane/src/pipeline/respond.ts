// The last stage: the answer on the wire.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WireResponse } from '../codecs/codec.ts';

/**
 * Writes `answer`. Resolves when it is handed to the system, or when the client has gone. `last`: the connection
 * cannot be used again.
 */
export async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: WireResponse,
  last: boolean,
): Promise<void> {
  const headers: Record<string, string | number> = Object.assign({}, answer.headers);
  const { body, status } = answer;
  if (last) headers['connection'] = 'close';
  const bodiless = incoming.method === 'HEAD' || status === 204 || status === 304;
  if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) {
    outgoing.writeHead(status, headers);
    await (bodiless ? drop(body, outgoing) : stream(body, outgoing));
    return;
  }
  if (!bodiless) headers['content-length'] = body === undefined ? 0 : Buffer.byteLength(body);
  outgoing.writeHead(status, headers);
  outgoing.end(bodiless ? undefined : body);
}

function drop(body: Readable, outgoing: ServerResponse): void {
  body.destroy();
  outgoing.end();
}

async function stream(body: Readable, outgoing: ServerResponse): Promise<void> {
  try {
    await pipeline(body, outgoing);
  } catch (error) {
    // The status is already sent: cutting the connection is the only way left to say that the body is not whole.
    outgoing.destroy();
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
