// A block as a frame of a segment: what it is, as JSON, then its columns and messages, packed or plain.
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { LogBlock } from '@pergola/log-language';
import { FRAME_HEADER_BYTES, frameKinds, sealFrame } from '../files/frame.ts';
import type { ReadBuffer } from '../files/read-buffer.ts';
import type { StoredBlock, StreamSpan } from '../files/stored-block.ts';

/** `plain` for what is read often, `packed` (deflate) for what is old. */
export type BlockCodec = 'plain' | 'packed';

/** What a block's frame says of it before its columns, and a segment's index of all its blocks. */
export interface BlockFacts extends Omit<StoredBlock, 'source'> {
  readonly codec: BlockCodec;
  /** Length of the columns and messages once unpacked. */
  readonly plainBytes: number;
  readonly streamNames: readonly string[];
}

type Columns = Omit<LogBlock, 'account' | 'group'>;

/** Level 1: eight times smaller for logs, and a core unpacks half a gigabyte a second. */
const PACK_LEVEL = 1;

/** Of each event: two times, where its message starts, its stream. One more start tells where the last message ends. */
const COLUMN_BYTES = 24;

const pack = promisify<Buffer, { level: number }, Buffer>(deflateRaw);

export interface BlockEncoding {
  readonly codec: BlockCodec;
  readonly salt: number;
  /** Where the frame is put together; it is there until the next one is. */
  readonly buffer: ReadBuffer;
}

/** The frame of `block`; `spans` say what of it is still there. */
export async function encodeBlock(
  block: Columns,
  spans: readonly StreamSpan[],
  { codec, salt, buffer }: BlockEncoding,
): Promise<{ readonly frame: Buffer; readonly facts: BlockFacts }> {
  const plainBytes = COLUMN_BYTES * block.count + 4 + block.bytes.length;
  buffer.reset();
  const packed = codec === 'packed' ? await packColumns(block, buffer.take(plainBytes)) : undefined;
  const facts: BlockFacts = {
    firstSequence: block.firstSequence,
    count: block.count,
    minMs: spans.reduce((least, span) => Math.min(least, span.firstMs), Number.MAX_SAFE_INTEGER),
    maxMs: spans.reduce((most, span) => Math.max(most, span.lastMs), Number.MIN_SAFE_INTEGER),
    messageBytes: spans.reduce((sum, span) => sum + span.messageBytes, 0),
    spans,
    codec,
    plainBytes,
    streamNames: block.streamNames,
  };
  const head = paddedHead(JSON.stringify(facts));
  const payloadAt = FRAME_HEADER_BYTES + 4 + head.length;
  const frame = buffer.take(payloadAt + (packed?.length ?? plainBytes));
  frame.writeUInt32LE(head.length, FRAME_HEADER_BYTES);
  head.copy(frame, FRAME_HEADER_BYTES + 4);
  if (packed) packed.copy(frame, payloadAt);
  else writeColumns(block, frame, payloadAt);
  sealFrame(frame, frameKinds.block, salt);
  return { frame, facts };
}

/** Spaces behind the JSON let the columns begin where numbers of 8 bytes may stand, so that they are read in place. */
function paddedHead(json: string): Buffer {
  const before = FRAME_HEADER_BYTES + 4 + Buffer.byteLength(json);
  return Buffer.from(json + ' '.repeat((8 - (before % 8)) % 8), 'utf8');
}

/** What the frame says of its block. The frame's checksum has been looked at before. */
export function decodeFacts(frame: Buffer): BlockFacts {
  const length = frame.readUInt32LE(FRAME_HEADER_BYTES);
  const at = FRAME_HEADER_BYTES + 4;
  return JSON.parse(frame.toString('utf8', at, at + length)) as BlockFacts;
}

export function decodeBlock(frame: Buffer): Columns {
  const facts = decodeFacts(frame);
  const payload = frame.subarray(FRAME_HEADER_BYTES + 4 + frame.readUInt32LE(FRAME_HEADER_BYTES));
  const plain = facts.codec === 'packed' ? unpack(payload, facts.plainBytes) : payload;
  return splitColumns(plain, facts);
}

/** In one piece: the byte more lets zlib see that there is no other. */
function unpack(payload: Buffer, plainBytes: number): Buffer {
  return inflateRawSync(payload, { maxOutputLength: plainBytes, chunkSize: plainBytes + 64 });
}

function packColumns(block: Columns, plain: Buffer): Promise<Buffer> {
  writeColumns(block, plain, 0);
  return pack(plain, { level: PACK_LEVEL });
}

function writeColumns(block: Columns, into: Buffer, start: number): void {
  let at = start;
  for (const column of [block.timestampsMs, block.ingestedMs, block.starts, block.streams]) {
    into.set(bytesOf(column), at);
    at += column.byteLength;
  }
  block.bytes.copy(into, at);
}

/** The columns stay where they are when they begin at a multiple of 8; else they are moved there. */
function splitColumns(plain: Buffer, { firstSequence, count, streamNames }: BlockFacts): Columns {
  const columnBytes = COLUMN_BYTES * count + 4;
  if (plain.length < columnBytes) throw new RangeError('a block is shorter than its columns');
  const isAligned = plain.byteOffset % 8 === 0;
  const { buffer, byteOffset } = isAligned ? plain : new Uint8Array(plain.subarray(0, columnBytes));
  return {
    firstSequence,
    count,
    streamNames,
    timestampsMs: new Float64Array(buffer, byteOffset, count),
    ingestedMs: new Float64Array(buffer, byteOffset + 8 * count, count),
    starts: new Uint32Array(buffer, byteOffset + 16 * count, count + 1),
    streams: new Uint32Array(buffer, byteOffset + 20 * count + 4, count),
    bytes: plain.subarray(columnBytes),
  };
}

function bytesOf(column: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
