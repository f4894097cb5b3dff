// Reads a file of frames from its beginning: every whole frame, past damage, up to a torn end.
import type { FileHandle } from 'node:fs/promises';
import {
  FILE_HEADER_BYTES,
  FRAME_BODY_BYTES_MAX,
  frameLengthAt,
  isWhole,
  nextMagic,
  saltOf,
} from '../files/frame.ts';

const WINDOW_BYTES = 4 * 1024 * 1024;

/** What a scan found besides the frames. */
export interface ScanOutcome {
  /** Undefined when not even the file's header is whole: the file holds nothing. */
  readonly salt: number | undefined;
  /** The end of the last whole frame; what follows is torn. */
  readonly wholeBytes: number;
  /** Bytes between whole frames that are none. */
  readonly damagedBytes: number;
}

type OnFrame = (frame: Buffer, offset: number) => void;

/** Calls `onFrame` for each whole frame of `file`; the buffer is valid only during the call. */
export async function scanFrames(file: FileHandle, onFrame: OnFrame): Promise<ScanOutcome> {
  const { size } = await file.stat();
  const header = await readAt(file, 0, Math.min(size, FILE_HEADER_BYTES));
  const salt = saltOf(header);
  if (salt === undefined) return { salt, wholeBytes: 0, damagedBytes: 0 };
  const window = new ScanWindow(file, size);
  let at = FILE_HEADER_BYTES;
  let wholeBytes = at;
  let damagedBytes = 0;
  while (at < size) {
    const frame = window.frameInSight(at) ?? (await window.frameAt(at));
    if (frame && isWhole(frame, salt)) {
      damagedBytes += at - wholeBytes;
      onFrame(frame, at);
      at += frame.length;
      wholeBytes = at;
    } else at = (await window.magicAfter(at + 1)) ?? size;
  }
  return { salt, wholeBytes, damagedBytes };
}

/** A piece of the file in memory, moved along as it is asked for what lies beyond. */
class ScanWindow {
  readonly #file: FileHandle;
  readonly #size: number;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** The frame at `at` if it lies in memory: most do, and need no waiting. */
  frameInSight(at: number): Buffer | undefined {
    const from = at - this.#start;
    if (from < 0) return undefined;
    const length = frameLengthAt(this.#bytes, from);
    if (length === undefined || from + length > this.#bytes.length) return undefined;
    return this.#bytes.subarray(from, from + length);
  }

  /** What would be the frame at `at`, by its header; undefined when there is none, or when the file ends before it does. */
  async frameAt(at: number): Promise<Buffer | undefined> {
    await this.#hold(at, 16);
    const length = frameLengthAt(this.#bytes, at - this.#start);
    if (length === undefined || at + length > this.#size || length > FRAME_BODY_BYTES_MAX + 16)
      return undefined;
    await this.#hold(at, length);
    const from = at - this.#start;
    return this.#bytes.length - from < length ? undefined : this.#bytes.subarray(from, from + length);
  }

  async magicAfter(at: number): Promise<number | undefined> {
    // Three bytes of overlap, so that a magic on the border of two windows is found.
    for (let from = at; from < this.#size; from = this.#start + this.#bytes.length - 3) {
      await this.#hold(from, 4);
      const found = nextMagic(this.#bytes, from - this.#start);
      if (found !== undefined) return this.#start + found;
      if (this.#start + this.#bytes.length >= this.#size) return undefined;
    }
    return undefined;
  }

  /** Makes sure that `length` bytes from `at` are in memory, as far as the file has them. */
  async #hold(at: number, length: number): Promise<void> {
    const end = Math.min(at + length, this.#size);
    if (at >= this.#start && end <= this.#start + this.#bytes.length) return;
    this.#start = at;
    this.#bytes = await readAt(this.#file, at, Math.min(Math.max(length, WINDOW_BYTES), this.#size - at));
  }
}

/** The bytes at `offset`, fewer when the file ends before. */
export function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  return readInto(file, offset, Buffer.allocUnsafe(length));
}

/** Fills `bytes` from `offset` on; returns as much of it as the file has. */
export async function readInto(file: FileHandle, offset: number, bytes: Buffer): Promise<Buffer> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
