// Exec and attach over WebSocket, protocols v4 and v5.channel.k8s.io: the first byte of a message is its
// channel (0 stdin, 1 stdout, 2 stderr, 3 error, 4 resize); v5 adds 255 + channel for "this one is closed".
import { PassThrough, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { parseSize, type RemoteSession, type StreamWishes } from './remote-session.ts';

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export function websocketSession(socket: WebSocket, wishes: StreamWishes): RemoteSession {
  const stdin = wishes.stdin ? new PassThrough() : undefined;
  const resizeListeners = new Set<(columns: number, rows: number) => void>();
  let size: { columns: number; rows: number } | undefined;
  socket.on('message', (message: RawData) => {
    const data = bytesOf(message);
    const body = data.subarray(1);
    if (data[0] === channels.stdin && stdin && !stdin.writableEnded) {
      if (!stdin.write(body)) pauseUntilDrained(socket, stdin);
    } else if (data[0] === channels.resize) {
      size = parseSize(body.toString('utf8')) ?? size;
      if (size) for (const listener of resizeListeners) listener(size.columns, size.rows);
    } else if (data[0] === channels.close && body[0] === channels.stdin) {
      stdin?.end();
    }
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      stdin?.end();
      resolve();
    });
  });
  socket.on('error', () => socket.terminate());
  // The first message tells the client that the streams are open.
  const opening = wishes.stdout ? channels.stdout : wishes.stderr ? channels.stderr : channels.error;
  socket.send(Buffer.from([opening]));
  return {
    stdin,
    stdout: wishes.stdout ? channelWriter(socket, channels.stdout) : undefined,
    stderr: wishes.stderr && !wishes.tty ? channelWriter(socket, channels.stderr) : undefined,
    closed,
    onResize(listener) {
      resizeListeners.add(listener);
      if (size) listener(size.columns, size.rows);
    },
    async finish(status) {
      await send(socket, Buffer.concat([Buffer.from([channels.error]), Buffer.from(JSON.stringify(status))]));
      socket.close(1000);
    },
  };
}

/** Messages of ws as one Buffer. */
export function bytesOf(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}

/** Writes each chunk as a message on `channel`, as fast as the client takes them. */
export function channelWriter(socket: WebSocket, channel: number): Writable {
  const head = Buffer.from([channel]);
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (socket.readyState === socket.OPEN)
        socket.send(Buffer.concat([head, chunk]), { binary: true }, () => done());
      else done();
    },
  });
}

/** Stops reading from the socket until `target` has room. */
export function pauseUntilDrained(socket: WebSocket, target: Writable): void {
  socket.pause();
  target.once('drain', () => socket.resume());
}

/** Resolves when the bytes are out, or the client is gone. */
function send(socket: WebSocket, data: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else socket.send(data, { binary: true }, () => resolve());
  });
}
