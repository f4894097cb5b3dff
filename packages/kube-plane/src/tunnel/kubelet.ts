// Requests to a kubelet over a raw connection: an upgraded one becomes a tunnel of bytes, a plain one is streamed.
import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { Call, StreamAnswer, UpgradeAnswer } from '../contract.ts';
import { faults } from '../faults.ts';
import type { KubeStatus } from '../kube-status.ts';
import { headerLines } from '../request/start-line.ts';

/** Never passed on: they belong to this hop or to the caller's identity. */
const WITHHELD = new Set(['host', 'authorization', 'content-length', 'cookie']);

/** Hands the client's connection to the kubelet after the same request head. */
export function proxyUpgrade(call: Call, kubelet: Duplex, path: string): UpgradeAnswer {
  return {
    upgrade(socket, head) {
      kubelet.write(
        `${call.method} ${path} HTTP/1.1\r\nHost: kubelet\r\n${headerLines(forwarded(call))}\r\n`,
      );
      if (head.length > 0) kubelet.write(head);
      const end = () => {
        socket.destroy();
        kubelet.destroy();
      };
      socket.on('error', end).on('close', end);
      kubelet.on('error', end).on('close', end);
      socket.pipe(kubelet);
      kubelet.pipe(socket);
    },
  };
}

function forwarded(call: Call): Record<string, string> {
  const headers = Object.entries(call.headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || WITHHELD.has(name) || name.startsWith('impersonate-')) return [];
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (name !== 'sec-websocket-protocol') return [[name, text]];
    // A token may ride among the subprotocols; it is for us alone.
    const protocols = text.split(',').map((each) => each.trim());
    return [[name, protocols.filter((each) => !each.startsWith('base64url.bearer.')).join(', ')]];
  });
  return Object.fromEntries(headers);
}

/** A kubelet's refusal is a sentence, not a document. */
const REFUSAL_BYTES_MAX = 10_000;

/**
 * Streams the kubelet's answer to a GET, flushing as it comes.
 * @throws KubeStatus with the kubelet's words when it refuses.
 */
export async function passThrough(call: Call, kubelet: Duplex, path: string): Promise<StreamAnswer> {
  const incoming = await responseOf(call, kubelet, path);
  if (incoming.statusCode !== 200) throw await refusalOf(incoming);
  return {
    stream: (response) =>
      new Promise((resolve) => {
        response.writeHead(200, {
          'Content-Type': incoming.headers['content-type'] ?? 'text/plain',
          'Cache-Control': 'no-cache, private',
        });
        response.flushHeaders();
        pipeline(incoming, response, () => resolve());
      }),
  };
}

function responseOf(call: Call, kubelet: Duplex, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const upstream = httpRequest({
      method: 'GET',
      path,
      headers: { Host: 'kubelet', Connection: 'close' },
      createConnection: () => kubelet,
      signal: call.signal,
    });
    // The connection goes with the request, also when it breaks after the head of the answer.
    upstream.on('error', (error) => {
      kubelet.destroy();
      reject(faults.internal(`error reading from the kubelet: ${error.message}`));
    });
    upstream.on('response', resolve);
    upstream.end();
  });
}

/** As k8s.io/apiserver/pkg/registry/generic/rest/response_checker.go words them. */
async function refusalOf(incoming: IncomingMessage): Promise<KubeStatus> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > REFUSAL_BYTES_MAX) break;
  }
  const text = Buffer.concat(chunks).toString('utf8').trimEnd();
  if (incoming.statusCode === 400) return faults.badRequest(text);
  return incoming.statusCode === 404 ? faults.noSuchResource() : faults.internal(text);
}
