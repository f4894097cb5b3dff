// SPDY/3.1 frames as kubectl speaks them: the split of bytes into frames, and the few frames that we send.

export const frameTypes = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;
export const finFlag = 1;
/** Frames above this end the connection; kubectl's are at most 32 KiB. */
const maxFrameBytes = 1024 * 1024;

export type Frame =
  | { readonly kind: 'data'; readonly streamId: number; readonly flags: number; readonly payload: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

/** The peer broke the protocol. */
export class SpdyError extends Error {
  override readonly name = 'SpdyError';
}

/** Collects bytes and gives whole frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** The frames that `chunk` completes. Throws SpdyError for a frame that is too large. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    if (this.#size < 8) return frames;
    let data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    while (data.length >= 8) {
      const length = data.readUIntBE(5, 3);
      if (length > maxFrameBytes) throw new SpdyError(`frame of ${length} bytes`);
      if (data.length < 8 + length) break;
      frames.push(parseFrame(data, length));
      data = data.subarray(8 + length);
    }
    this.#chunks = data.length > 0 ? [data] : [];
    this.#size = data.length;
    return frames;
  }
}

function parseFrame(data: Buffer, length: number): Frame {
  const first = data.readUInt32BE(0);
  const flags = data.readUInt8(4);
  const payload = data.subarray(8, 8 + length);
  if (first < 0x80000000) return { kind: 'data', streamId: first, flags, payload };
  const version = (first >>> 16) & 0x7fff;
  if (version !== 3) throw new SpdyError(`SPDY version ${version}`);
  return { kind: 'control', type: first & 0xffff, flags, payload };
}

export function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE((0x80030000 | type) >>> 0, 0);
  head.writeUInt32BE(((flags << 24) | payload.length) >>> 0, 4);
  return Buffer.concat([head, payload]);
}

/** The head of a data frame; the payload follows it. */
export function dataHead(streamId: number, flags: number, length: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt32BE(((flags << 24) | length) >>> 0, 4);
  return head;
}

/**
 * An empty list of headers in the connection's compressed stream, as stored deflate blocks: we never send others.
 * The empty block at the end is a sync flush, without which Go's reader waits for more.
 */
export function emptyHeaders(firstOfConnection: boolean): Buffer {
  const zlibHead = firstOfConnection ? Buffer.from('78bbe3c6a7c2', 'hex') : Buffer.alloc(0);
  const stored = Buffer.from('000400fbff00000000000000ffff', 'hex');
  return Buffer.concat([zlibHead, stored]);
}

/** Reads a decompressed header block; undefined while it is not complete. */
export function parseHeaderBlock(block: Buffer): Map<string, string> | undefined {
  let at = 0;
  const number = () => {
    if (at + 4 > block.length) return undefined;
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = () => {
    const length = number();
    if (length === undefined || at + length > block.length) return undefined;
    at += length;
    return block.toString('utf8', at - length, at);
  };
  const count = number();
  if (count === undefined) return undefined;
  const headers = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const name = text();
    const value = name === undefined ? undefined : text();
    if (name === undefined || value === undefined) return undefined;
    headers.set(name.toLowerCase(), value);
  }
  return headers;
}
