// Reading exact numbers of bytes from a stream, and leaving the rest in it for whoever comes next.
import type { Duplex } from 'node:stream';

/** Thrown when the stream ends before; there is nobody left to tell. */
export class EndedEarlyError extends Error {
  override readonly name = 'EndedEarlyError';
}

export async function readExactly(stream: Duplex, size: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  while (length < size) {
    // All that is there: a stream with something left would say at once, and forever, that it can be read.
    const piece = stream.read() as Buffer | null;
    if (piece !== null) {
      pieces.push(piece);
      length += piece.length;
    } else if (stream.readableEnded || stream.destroyed) throw new EndedEarlyError('the client has left');
    else await readable(stream);
  }
  const bytes = Buffer.concat(pieces);
  if (length > size) stream.unshift(bytes.subarray(size));
  return bytes.subarray(0, size);
}

function readable(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close', 'error'];
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}
