// Streams over WebSocket: exec, attach and port-forward. `ws` is loaded only when one is opened.
import type { Duplex } from 'node:stream';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { KubeApiError } from './client.ts';
import { statusError, transportError } from './status-error.ts';
import type { Transport } from './transport.ts';

const handshakeTimeoutMs = 30_000;
const messageBytesMax = 16 * 1024 * 1024;
const refusalBytesMax = 64 * 1024;

/** Opens `url` (ws or wss) with one of `protocols`. Throws the API server's Status when it refuses. */
export async function openWebSocket(
  transport: Transport,
  url: string,
  protocols: readonly string[],
): Promise<{ readonly protocol: string; readonly socket: Duplex }> {
  const { createWebSocketStream, WebSocket } = await import('ws');
  const webSocket = new WebSocket(url, [...protocols], {
    ...transport.tls,
    headers: await transport.credentials(),
    handshakeTimeout: handshakeTimeoutMs,
    maxPayload: messageBytesMax,
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    webSocket.once('open', resolve);
    webSocket.once('error', (error) => reject(transportError(error)));
    webSocket.once('unexpected-response', (request, response) => {
      refusalOf(request, response).then(reject, reject);
    });
  });
  if (protocols.length > 0 && !protocols.includes(webSocket.protocol)) {
    webSocket.terminate();
    throw new KubeApiError(0, 'TransportFailure', `the server chose no protocol of ${protocols.join(', ')}`);
  }
  return {
    protocol: webSocket.protocol,
    socket: createWebSocketStream(webSocket, { readableObjectMode: true }),
  };
}

async function refusalOf(request: ClientRequest, response: IncomingMessage): Promise<KubeApiError> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > refusalBytesMax) break;
  }
  request.destroy();
  return statusError(response.statusCode ?? 0, Buffer.concat(chunks));
}
