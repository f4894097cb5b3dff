// Reads application/vnd.amazon.eventstream: messages with headers, a payload and two checksums.
import { crc32 } from 'node:zlib';
import { AwsError } from './aws-error.ts';

/** One message. Headers of other types than text are left out: nothing here reads them. */
export interface StreamMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** AWS sends no larger ones. */
const messageBytesMax = 24 * 2 ** 20;
const preludeBytes = 12;
const frameBytes = 16;

/** Bytes of a value by its type in the header; text and bytes carry their length themselves. */
const fixedSizes: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const bytesType = 6;
const textType = 7;

/** The messages of a stream of bytes. Throws AwsError `InvalidEventStream` when a checksum or a length is wrong. */
export async function* readEventStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = preludeBytes;
  for await (const chunk of source) {
    chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    held += chunk.byteLength;
    if (held < wanted) continue;
    let bytes = Buffer.concat(chunks, held);
    for (;;) {
      wanted = bytes.length < preludeBytes ? preludeBytes : totalBytes(bytes);
      if (bytes.length < wanted) break;
      yield decodeMessage(bytes.subarray(0, wanted));
      bytes = bytes.subarray(wanted);
    }
    chunks = bytes.length > 0 ? [bytes] : [];
    held = bytes.length;
  }
  if (held > 0) throw invalid('the stream ends in the middle of a message');
}

/** Reads the prelude: without a sound one the length could not be trusted. */
function totalBytes(bytes: Buffer): number {
  const total = bytes.readUInt32BE(0);
  const headerBytes = bytes.readUInt32BE(4);
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8))
    throw invalid('the checksum of a prelude is wrong');
  if (total > messageBytesMax || headerBytes + frameBytes > total)
    throw invalid(`a message of ${total} bytes`);
  return total;
}

function decodeMessage(bytes: Buffer): StreamMessage {
  const bodyEnd = bytes.length - 4;
  if (crc32(bytes.subarray(0, bodyEnd)) !== bytes.readUInt32BE(bodyEnd)) {
    throw invalid('the checksum of a message is wrong');
  }
  const headersEnd = preludeBytes + bytes.readUInt32BE(4);
  return {
    headers: decodeHeaders(bytes.subarray(preludeBytes, headersEnd)),
    payload: bytes.subarray(headersEnd, bodyEnd),
  };
}

function decodeHeaders(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let at = 0;
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw invalid('a header is cut off');
    at += size;
    return bytes.subarray(at - size, at);
  };
  while (at < bytes.length) {
    const name = take(take(1).readUInt8()).toString('utf8');
    const type = take(1).readUInt8();
    if (type === textType || type === bytesType) {
      const value = take(take(2).readUInt16BE());
      if (type === textType) headers[name] = value.toString('utf8');
      continue;
    }
    const size = fixedSizes[type];
    if (size === undefined) throw invalid(`a header of the unknown type ${type}`);
    take(size);
  }
  return headers;
}

function invalid(message: string): AwsError {
  return new AwsError(0, 'InvalidEventStream', `the event stream is broken: ${message}`);
}
