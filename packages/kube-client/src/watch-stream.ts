// The body of a watch: newline-delimited JSON events, decoded as they arrive.
import { isRecord } from '@pergola/kernel';
import { KubeApiError, type KubeResource, type WatchEvent } from './client.ts';
import { errorOfStatus } from './status-error.ts';

const lineBytesMax = 32 * 1024 * 1024;
const newline = 0x0a;

/** Splits a byte stream into its lines, without the newline. Throws when a line exceeds 32 MiB. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const piece = chunk.subarray(start, end);
      yield parts.length === 0 ? piece : Buffer.concat([...parts, piece]);
      parts = [];
      heldBytes = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    parts.push(chunk.subarray(start));
    heldBytes += chunk.length - start;
    if (heldBytes > lineBytesMax) throw new KubeApiError(0, 'TransportFailure', 'a watch event is too long');
  }
}

/** The events of a watch body. An ERROR event becomes a thrown KubeApiError (410 when the version is too old). */
export async function* decodeEvents<T extends KubeResource>(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of splitLines(chunks)) {
    if (line.length === 0) continue;
    const event = parseEvent(line);
    if (event.type === 'ERROR') throw errorOfStatus(event.object, 500);
    // The server's word for the kind: the caller asked for this resource type.
    yield event as unknown as WatchEvent<T>;
  }
}

function parseEvent(line: Buffer): { type: string; object: Record<string, unknown> } {
  let event: unknown;
  try {
    event = JSON.parse(line.toString('utf8'));
  } catch {
    // Falls through to the error below: what was received is no event.
  }
  if (isRecord(event) && typeof event['type'] === 'string' && isRecord(event['object'])) {
    return { type: event['type'], object: event['object'] };
  }
  throw new KubeApiError(0, 'TransportFailure', 'the watch sent something that is not an event');
}
