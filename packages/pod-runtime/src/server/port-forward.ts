// Port-forward: connections from the client to ports of the pod. Over SPDY (also tunnelled in WebSocket
// messages) a pair of streams is one connection; over plain WebSocket two channels per port are.
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { SpdyConnection, type SpdyStream } from './spdy/connection.ts';
import { bytesOf, channelWriter, pauseUntilDrained } from './websocket-session.ts';

const maxPorts = 32;
const maxPairs = 128;

/** Where the pod listens: its own address, or the loopback that all pods share. */
export interface ForwardTarget {
  readonly addresses: readonly string[];
  /** For messages: `<namespace>/<name>`. */
  readonly pod: string;
}

/** Serves until the client closes. */
export async function forwardSpdy(socket: Duplex, target: ForwardTarget): Promise<void> {
  const pairs = new Map<string, { error?: SpdyStream; data?: SpdyStream }>();
  const connection = new SpdyConnection(socket, (stream) => {
    const requestId = stream.headers.get('requestid') ?? stream.headers.get('port') ?? '';
    const pair = pairs.get(requestId) ?? {};
    pairs.set(requestId, pair);
    if (stream.headers.get('streamtype') === 'error') pair.error = stream;
    else pair.data = stream;
    if (pairs.size > maxPairs) connection.destroy();
    const { error, data } = pair;
    if (!error || !data) return;
    pairs.delete(requestId);
    void forwardPair(Number(stream.headers.get('port')), { error, data }, target);
  });
  await connection.closed;
}

async function forwardPair(
  port: number,
  pair: { error: SpdyStream; data: SpdyStream },
  target: ForwardTarget,
): Promise<void> {
  pair.error.resume();
  const opened = await openPort(port, target);
  if (typeof opened === 'string') {
    pair.error.end(opened);
    pair.data.end();
    pair.data.resume();
    return;
  }
  pair.data.pipe(opened).pipe(pair.data);
  opened.on('error', (error) => {
    pair.error.end(`error forwarding port ${port} to pod ${target.pod}: ${error.message}`);
    pair.data.end();
  });
  opened.on('close', () => {
    if (!pair.error.writableEnded) pair.error.end();
  });
  pair.data.on('close', () => opened.destroy());
}

/** The older WebSocket form: channel 2i is port i's data, 2i+1 its errors; each begins with the port's number. */
export function forwardChannels(socket: WebSocket, ports: readonly number[], target: ForwardTarget): void {
  const connections = ports.slice(0, maxPorts).map((port, index) => {
    const data = channelWriter(socket, index * 2);
    const errors = channelWriter(socket, index * 2 + 1);
    const head = Buffer.alloc(2);
    head.writeUInt16LE(port);
    data.write(head);
    errors.write(head);
    return openPort(port, target).then((opened) => {
      if (typeof opened === 'string') {
        errors.write(Buffer.from(opened));
        return undefined;
      }
      opened.on('error', (error) => errors.write(Buffer.from(error.message)));
      opened.on('end', () => socket.close(1000));
      opened.pipe(data, { end: false });
      return opened;
    });
  });
  socket.on('message', (message: RawData) => {
    const bytes = bytesOf(message);
    const channel = bytes[0] ?? 255;
    if (channel % 2 !== 0) return;
    const send = (opened: Socket | undefined) => {
      if (opened && !opened.write(bytes.subarray(1))) pauseUntilDrained(socket, opened);
    };
    void connections[channel / 2]?.then(send);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    for (const connection of connections) void connection.then((opened) => opened?.destroy());
  });
}

/** A connection to the pod's port, or the sentence that kubectl prints. */
async function openPort(port: number, target: ForwardTarget): Promise<Socket | string> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return `invalid port "${port}"`;
  let last = '';
  for (const host of target.addresses) {
    const opened = await new Promise<Socket | string>((resolve) => {
      const socket = connect({ host, port, allowHalfOpen: true });
      socket.once('connect', () => resolve(socket));
      socket.once('error', (error) => resolve(error.message));
    });
    if (typeof opened !== 'string') return opened;
    last = opened;
  }
  return `error forwarding port ${port} to pod ${target.pod}, uid : ${last}`;
}
