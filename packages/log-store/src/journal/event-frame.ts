// One appended batch as a frame of the journal: a head with what an index needs, then columns, then the messages.
import type { NewEvent, NewEvents } from '../contract.ts';
import { EventColumns } from '../event-columns.ts';
import { FRAME_BODY_BYTES_MAX, FRAME_HEADER_BYTES, frameKinds, sealFrame } from '../files/frame.ts';

/** What is known of a batch without looking at its events. Instants are milliseconds since the epoch. */
export interface BatchHead {
  /** Of the group. */
  readonly key: string;
  readonly stream: string;
  readonly firstSequence: number;
  readonly ingestedMs: number;
  readonly count: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly messageBytes: number;
}

/** A batch in its encoded form, before it has a place in a journal. */
export interface EncodedBatch {
  readonly head: BatchHead;
  readonly frame: Buffer;
}

/** Where a batch's columns are to be written: slices of a block that is put together from several batches. */
export interface BatchColumns {
  /** Index of the batch's first event in the block. */
  readonly at: number;
  /** Offset of the batch's first message in `bytes`. */
  readonly bytesAt: number;
  readonly timestampsMs: Float64Array;
  readonly starts: Uint32Array;
  readonly bytes: Buffer;
}

const HEAD_BYTES = 44;

/** Encodes `events` for the group `key`; `seal` gives it the salt of the file it goes to. Throws RangeError when too long. */
export function encodeBatch(
  batch: Pick<BatchHead, 'key' | 'stream' | 'firstSequence' | 'ingestedMs'>,
  events: NewEvents,
): EncodedBatch {
  const count = events.length;
  const timestamps = timesOf(events);
  const { minMs, maxMs } = rangeOf(timestamps);
  const key = Buffer.from(batch.key, 'latin1');
  const stream = Buffer.from(batch.stream, 'utf8');
  const columnsAt = FRAME_HEADER_BYTES + HEAD_BYTES + key.length + stream.length;
  const messagesAt = columnsAt + 12 * count;
  const ends = new Uint32Array(count);
  const frame =
    events instanceof EventColumns
      ? copyMessages(events, ends, messagesAt)
      : writeMessages([...events], ends, messagesAt);
  const head: BatchHead = { ...batch, count, minMs, maxMs, messageBytes: frame.length - messagesAt };
  writeHead(frame, head, { key, stream });
  frame.set(bytesOf(timestamps), columnsAt);
  frame.set(bytesOf(ends), columnsAt + 8 * count);
  return { head, frame };
}

function timesOf(events: NewEvents): Float64Array {
  if (events instanceof EventColumns) return events.timestampsMs;
  return Float64Array.from(events, ({ timestampMs }) => timestampMs);
}

function rangeOf(timestamps: Float64Array): { readonly minMs: number; readonly maxMs: number } {
  let minMs = Number.POSITIVE_INFINITY;
  let maxMs = Number.NEGATIVE_INFINITY;
  for (const timestampMs of timestamps) {
    if (timestampMs < minMs) minMs = timestampMs;
    if (timestampMs > maxMs) maxMs = timestampMs;
  }
  return { minMs, maxMs };
}

/** Gives the frame its header and checksum. */
export function sealBatch(batch: EncodedBatch, salt: number): void {
  sealFrame(batch.frame, frameKinds.events, salt);
}

/** The head of a batch from its frame. */
export function decodeHead(frame: Buffer): BatchHead {
  const at = FRAME_HEADER_BYTES;
  const streamBytes = frame.readUInt16LE(at + 40);
  const keyBytes = frame.readUInt8(at + 42);
  const keyAt = at + HEAD_BYTES;
  return {
    firstSequence: frame.readDoubleLE(at),
    ingestedMs: frame.readDoubleLE(at + 8),
    minMs: frame.readDoubleLE(at + 16),
    maxMs: frame.readDoubleLE(at + 24),
    count: frame.readUInt32LE(at + 32),
    messageBytes: frame.readUInt32LE(at + 36),
    key: frame.toString('latin1', keyAt, keyAt + keyBytes),
    stream: frame.toString('utf8', keyAt + keyBytes, keyAt + keyBytes + streamBytes),
  };
}

/** Copies the columns and messages of a batch to their places in a block. */
export function copyColumns(frame: Buffer, into: BatchColumns): void {
  const at = FRAME_HEADER_BYTES;
  const count = frame.readUInt32LE(at + 32);
  const columnsAt = at + HEAD_BYTES + frame.readUInt8(at + 42) + frame.readUInt16LE(at + 40);
  const { timestampsMs, starts, bytes, bytesAt } = into;
  bytesOf(timestampsMs).set(frame.subarray(columnsAt, columnsAt + 8 * count), into.at * 8);
  bytesOf(starts).set(frame.subarray(columnsAt + 8 * count, columnsAt + 12 * count), (into.at + 1) * 4);
  if (bytesAt > 0) {
    for (let i = into.at + 1; i <= into.at + count; i++) starts[i] = (starts[i] ?? 0) + bytesAt;
  }
  frame.copy(bytes, bytesAt, columnsAt + 12 * count);
}

/** A buffer with the messages from `at` on, and in `ends` where each ends from there. */
function copyMessages(
  { starts, bytes, length, messageBytes }: EventColumns,
  ends: Uint32Array,
  at: number,
): Buffer {
  const buffer = allocate(at + messageBytes);
  const first = starts[0] ?? 0;
  bytes.copy(buffer, at, first, first + messageBytes);
  for (let i = 0; i < length; i++) ends[i] = (starts[i + 1] ?? 0) - first;
  return buffer;
}

/**
 * A buffer with the messages from `at` on, and in `ends` where each ends from there. Nearly all text is ASCII, so room
 * is made for that without measuring, and the few bytes more show a message that is not.
 */
function writeMessages(events: readonly NewEvent[], ends: Uint32Array, at: number): Buffer {
  const length = events.reduce((sum, { message }) => sum + message.length, at);
  const buffer = allocate(length + ASCII_SLACK_BYTES);
  let end = at;
  for (let i = 0; i < ends.length; i++) {
    const message = events[i]?.message ?? '';
    const written = typeof message === 'string' ? buffer.write(message, end) : putBytes(buffer, message, end);
    if (written !== message.length) return writeMeasured(events, ends, at);
    end += written;
    ends[i] = end - at;
  }
  return buffer.subarray(0, end);
}

/** A character that is not ASCII takes more bytes than its length, or is cut off at most three before the end. */
const ASCII_SLACK_BYTES = 4;

function writeMeasured(events: readonly NewEvent[], ends: Uint32Array, at: number): Buffer {
  let bytes = 0;
  for (let i = 0; i < ends.length; i++) {
    const message = events[i]?.message ?? '';
    bytes += typeof message === 'string' ? Buffer.byteLength(message) : message.length;
    ends[i] = bytes;
  }
  const buffer = allocate(at + bytes);
  for (let i = 0; i < ends.length; i++) {
    const message = events[i]?.message ?? '';
    const start = at + (ends[i - 1] ?? 0);
    if (typeof message === 'string') buffer.write(message, start);
    else buffer.set(message, start);
  }
  return buffer;
}

function putBytes(buffer: Buffer, message: Uint8Array, at: number): number {
  buffer.set(message, at);
  return message.length;
}

function allocate(length: number): Buffer {
  if (length > FRAME_BODY_BYTES_MAX) throw new RangeError(`a batch of ${length} bytes is too long`);
  return Buffer.allocUnsafe(length);
}

function writeHead(frame: Buffer, head: BatchHead, names: { key: Buffer; stream: Buffer }): void {
  const at = FRAME_HEADER_BYTES;
  frame.writeDoubleLE(head.firstSequence, at);
  frame.writeDoubleLE(head.ingestedMs, at + 8);
  frame.writeDoubleLE(head.minMs, at + 16);
  frame.writeDoubleLE(head.maxMs, at + 24);
  frame.writeUInt32LE(head.count, at + 32);
  frame.writeUInt32LE(head.messageBytes, at + 36);
  frame.writeUInt16LE(names.stream.length, at + 40);
  frame.writeUInt8(names.key.length, at + 42);
  frame.writeUInt8(0, at + 43);
  frame.set(names.key, at + HEAD_BYTES);
  frame.set(names.stream, at + HEAD_BYTES + names.key.length);
}

function bytesOf(column: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
