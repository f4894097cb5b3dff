// One message of `application/vnd.amazon.eventstream`, as bytes.
// https://smithy.io/2.0/aws/amazon-eventstream.html
//
//   total length | length of headers | CRC-32 of these two | headers | payload | CRC-32 of all before
import { crc32 } from 'node:zlib';

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

const PRELUDE_BYTES = 8;
const CRC_BYTES = 4;
/** The type of header values that are strings; nobody sends others. */
const STRING = 7;

export function encodeEventMessage(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const prelude = Buffer.alloc(PRELUDE_BYTES + CRC_BYTES);
  prelude.writeUInt32BE(prelude.length + head.length + payload.length + CRC_BYTES, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, PRELUDE_BYTES)), PRELUDE_BYTES);
  const trailer = Buffer.alloc(CRC_BYTES);
  trailer.writeUInt32BE(crc32(payload, crc32(head, crc32(prelude))));
  return Buffer.concat([prelude, head, payload, trailer]);
}

function encodeHeader(name: string, value: string): Buffer {
  const key = Buffer.from(name);
  const text = Buffer.from(value);
  const bytes = Buffer.alloc(1 + key.length + 3 + text.length);
  let at = bytes.writeUInt8(key.length, 0);
  at += key.copy(bytes, at);
  at = bytes.writeUInt8(STRING, at);
  at = bytes.writeUInt16BE(text.length, at);
  text.copy(bytes, at);
  return bytes;
}
