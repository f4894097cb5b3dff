// A block as a frame of a segment: what it is, as JSON, then its columns and messages, packed or plain.
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { LogBlock } from '@pergola/log-language';
import { FRAME_HEADER_BYTES, frameKinds, sealFrame } from './frame.ts';
import type { StoredBlock, StreamSpan } from './stored-block.ts';

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

const pack = promisify<Buffer, { level: number }, Buffer>(deflateRaw);

/** The frame of `block`; `spans` say what of it is still there. */
export async function encodeBlock(
  block: Columns,
  spans: readonly StreamSpan[],
  { codec, salt }: { codec: BlockCodec; salt: number },
): Promise<{ readonly frame: Buffer; readonly facts: BlockFacts }> {
  const plain = joinColumns(block);
  const payload = codec === 'packed' ? await pack(plain, { level: PACK_LEVEL }) : plain;
  const facts: BlockFacts = {
    firstSequence: block.firstSequence,
    count: block.count,
    minMs: spans.reduce((least, span) => Math.min(least, span.firstMs), Number.MAX_SAFE_INTEGER),
    maxMs: spans.reduce((most, span) => Math.max(most, span.lastMs), Number.MIN_SAFE_INTEGER),
    messageBytes: spans.reduce((sum, span) => sum + span.messageBytes, 0),
    spans,
    codec,
    plainBytes: plain.length,
    streamNames: block.streamNames,
  };
  const head = Buffer.from(JSON.stringify(facts), 'utf8');
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + 4 + head.length + payload.length);
  frame.writeUInt32LE(head.length, FRAME_HEADER_BYTES);
  head.copy(frame, FRAME_HEADER_BYTES + 4);
  payload.copy(frame, FRAME_HEADER_BYTES + 4 + head.length);
  sealFrame(frame, frameKinds.block, salt);
  return { frame, facts };
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
  const plain =
    facts.codec === 'packed' ? inflateRawSync(payload, { maxOutputLength: facts.plainBytes }) : payload;
  return splitColumns(plain, facts);
}

function joinColumns(block: Columns): Buffer {
  return Buffer.concat([
    bytesOf(block.timestampsMs),
    bytesOf(block.ingestedMs),
    bytesOf(block.starts),
    bytesOf(block.streams),
    block.bytes,
  ]);
}

function splitColumns(plain: Buffer, { firstSequence, count, streamNames }: BlockFacts): Columns {
  let at = 0;
  const fill = <T extends Float64Array | Uint32Array>(column: T): T => {
    bytesOf(column).set(plain.subarray(at, at + column.byteLength));
    at += column.byteLength;
    return column;
  };
  return {
    firstSequence,
    count,
    streamNames,
    timestampsMs: fill(new Float64Array(count)),
    ingestedMs: fill(new Float64Array(count)),
    starts: fill(new Uint32Array(count + 1)),
    streams: fill(new Uint32Array(count)),
    bytes: plain.subarray(at),
  };
}

function bytesOf(column: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
