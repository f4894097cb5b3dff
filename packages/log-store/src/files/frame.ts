// Frames: how bytes lie in journals and segments. A frame is there as a whole or not at all.
//
//   0  u32  magic          8  u32  length of the body in bytes
//   4  u32  kind          12  u32  CRC-32 of the first 12 bytes and the body, begun with the file's salt
//
// A file begins with a header of its own, written twice, that holds the salt. The salt keeps a message that looks like a
// frame from being taken for one where a damaged file has to be searched. Numbers are little-endian.
import { crc32 } from 'node:zlib';

export const FRAME_HEADER_BYTES = 16;
export const FILE_HEADER_BYTES = 32;
/** Longer bodies are refused; a length above it is damage. */
export const FRAME_BODY_BYTES_MAX = 256 * 1024 * 1024;

const FRAME_MAGIC = Buffer.from([0xf5, 0x50, 0x67, 0x9c]);
const FRAME_MAGIC_NUMBER = FRAME_MAGIC.readUInt32LE(0);
const FILE_MAGIC = Buffer.from('PGLOGS1\n', 'latin1');

export const frameKinds = { events: 1, control: 2, block: 3, index: 4, manifest: 5 } as const;

/** The header of a file whose frames are salted with `salt`, 32 bits. */
export function fileHeader(salt: number): Buffer {
  const once = Buffer.alloc(FILE_HEADER_BYTES / 2);
  FILE_MAGIC.copy(once);
  once.writeUInt32LE(salt, 8);
  once.writeUInt32LE(crc32(once.subarray(0, 12)), 12);
  return Buffer.concat([once, once]);
}

/** The salt; undefined when this is not the header of such a file. */
export function saltOf(header: Buffer): number | undefined {
  if (header.length < FILE_HEADER_BYTES) return undefined;
  const half = FILE_HEADER_BYTES / 2;
  return saltOfHalf(header.subarray(0, half)) ?? saltOfHalf(header.subarray(half, FILE_HEADER_BYTES));
}

function saltOfHalf(header: Buffer): number | undefined {
  if (!header.subarray(0, 8).equals(FILE_MAGIC)) return undefined;
  return header.readUInt32LE(12) === crc32(header.subarray(0, 12)) ? header.readUInt32LE(8) : undefined;
}

/** Fills in the header of `frame`, whose body is already in place behind it. */
export function sealFrame(frame: Buffer, kind: number, salt: number): void {
  frame.writeUInt32LE(FRAME_MAGIC_NUMBER, 0);
  frame.writeUInt32LE(kind, 4);
  frame.writeUInt32LE(frame.length - FRAME_HEADER_BYTES, 8);
  frame.writeUInt32LE(checksum(frame, salt), 12);
}

/** A frame of `kind` around a copy of `body`. */
export function frameOf(kind: number, body: Uint8Array, salt: number): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + body.length);
  frame.set(body, FRAME_HEADER_BYTES);
  sealFrame(frame, kind, salt);
  return frame;
}

/** The length of the whole frame that begins at `at`, by its header alone; undefined when there is none. */
export function frameLengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  if (bytes.readUInt32LE(at) !== FRAME_MAGIC_NUMBER) return undefined;
  const body = bytes.readUInt32LE(at + 8);
  return body > FRAME_BODY_BYTES_MAX ? undefined : FRAME_HEADER_BYTES + body;
}

/** True when `frame` is one whole frame with the right checksum. */
export function isWhole(frame: Buffer, salt: number): boolean {
  return frameLengthAt(frame, 0) === frame.length && frame.readUInt32LE(12) === checksum(frame, salt);
}

export function kindOf(frame: Buffer): number {
  return frame.readUInt32LE(4);
}

/** Where the next frame might begin at or after `at`; undefined when nowhere. */
export function nextMagic(bytes: Buffer, at: number): number | undefined {
  const found = bytes.indexOf(FRAME_MAGIC, at);
  return found < 0 ? undefined : found;
}

function checksum(frame: Buffer, salt: number): number {
  return crc32(frame.subarray(FRAME_HEADER_BYTES), crc32(frame.subarray(0, 12), salt));
}
