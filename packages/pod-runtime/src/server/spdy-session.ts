// Exec and attach over SPDY/3.1: one stream per channel, told apart by the header `streamtype`.
import type { Duplex } from 'node:stream';
import { parseSize, type RemoteSession, type StreamWishes } from './remote-session.ts';
import { SpdyConnection, type SpdyStream } from './spdy/connection.ts';

const openWithinMs = 30_000;

/** Resolves when the client has opened the streams that it asked for; undefined when it goes away before. */
export async function spdySession(
  socket: Duplex,
  wishes: StreamWishes,
  after: (delayMs: number, task: () => void) => { cancel(): void },
): Promise<RemoteSession | undefined> {
  const streams = new Map<string, SpdyStream>();
  const wanted = [
    'error',
    ...(['stdin', 'stdout', 'stderr'] as const).filter(
      (name) => wishes[name] && !(name === 'stderr' && wishes.tty),
    ),
  ];
  const resizeListeners = new Set<(columns: number, rows: number) => void>();
  let size: { columns: number; rows: number } | undefined;
  let complete: (value: boolean) => void = () => {};
  const opened = new Promise<boolean>((resolve) => {
    complete = resolve;
  });
  const connection = new SpdyConnection(socket, (stream) => {
    const type = stream.headers.get('streamtype') ?? '';
    streams.set(type, stream);
    if (type === 'resize') {
      stream.on('data', (chunk: Buffer) => {
        size = parseSize(chunk.toString('utf8')) ?? size;
        if (size) for (const listener of resizeListeners) listener(size.columns, size.rows);
      });
    }
    if (wanted.every((name) => streams.has(name))) complete(true);
  });
  const timer = after(openWithinMs, () => complete(false));
  void connection.closed.then(() => complete(false));
  const ready = await opened;
  timer.cancel();
  if (!ready) {
    connection.destroy();
    return undefined;
  }
  return {
    stdin: wishes.stdin ? streams.get('stdin') : undefined,
    stdout: wishes.stdout ? streams.get('stdout') : undefined,
    stderr: wishes.stderr && !wishes.tty ? streams.get('stderr') : undefined,
    closed: connection.closed,
    onResize(listener) {
      resizeListeners.add(listener);
      if (size) listener(size.columns, size.rows);
    },
    async finish(status) {
      const error = streams.get('error');
      if (error) await new Promise<void>((resolve) => error.end(JSON.stringify(status), () => resolve()));
      for (const name of ['stdout', 'stderr']) streams.get(name)?.end();
      connection.end();
    },
  };
}
