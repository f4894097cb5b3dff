// Where strings of JSON stop, found for many messages at once. A small WebAssembly program looks at 16 bytes in one
// step and leaves a bit for each: 1 at quotes, backslashes and control characters. To pass over a string is then to
// find the next 1, which is far quicker than to look at its bytes one by one.
import { stopOfString } from './json-bytes.ts';

/** Of WebAssembly, which TypeScript knows only with the libraries of a browser, what is used here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface Program {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Leaves the bits of the memory's first `length` bytes behind its first `windowBytes`. */
  readonly mark: (length: number) => void;
}

/** A page of WebAssembly's memory. */
const windowBytes = 65_536;
const splat = [0xfd, 0x0f];
const or = [0xfd, 0x50];

/** (param $length i32) (local $at i32) (local $bytes v128) */
const markBody = [
  [0x02, 0x01, 0x7f, 0x01, 0x7b],
  [0x03, 0x40], // loop
  [0x20, 0x01, 0x41, 0x03, 0x76], // $at / 8: where the bits go
  [0x20, 0x01, 0xfd, 0x00, 0x00, 0x00, 0x22, 0x02], // $bytes = the 16 bytes at $at
  [0x41, 0x22, ...splat, 0xfd, 0x23], // which of them are quotes,
  [0x20, 0x02, 0x41, 0xdc, 0x00, ...splat, 0xfd, 0x23, ...or], // or backslashes,
  [0x20, 0x02, 0x41, 0x20, ...splat, 0xfd, 0x26, ...or], // or below a space
  [0xfd, 0x64, 0x3b, 0x01, 0x80, 0x80, 0x04], // as 16 bits, into the second page
  [0x20, 0x01, 0x41, 0x10, 0x6a, 0x22, 0x01], // $at += 16
  [0x20, 0x00, 0x49, 0x0d, 0x00, 0x0b, 0x0b], // again while $at < $length
].flat();

const module = [
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  [0x01, 0x05, 0x01, 0x60, 0x01, 0x7f, 0x00], // a type: (i32) -> ()
  [0x03, 0x02, 0x01, 0x00], // one function of it
  [0x05, 0x03, 0x01, 0x00, 0x02], // a memory of two pages
  [0x07, 0x11, 0x02, 0x06, ...Buffer.from('memory'), 0x02, 0x00, 0x04, ...Buffer.from('mark'), 0x00, 0x00],
  [0x0a, markBody.length + 2, 0x01, markBody.length, ...markBody],
].flat();

/** Undefined where WebAssembly cannot run, as without a JIT. */
export function startProgram(): Program | undefined {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(module))).exports as Program;
  } catch {
    // Bytes are looked at one by one then.
    return undefined;
  }
}

/** Looks a stretch of bytes over at a time. */
export class StringStops {
  readonly #program: Program | undefined;
  readonly #window: Uint8Array;
  readonly #bits: Int32Array;
  /** What is looked over: `[from, to)` of the bytes. */
  #bytes: Uint8Array | undefined;
  #from = 0;
  #to = 0;
  #ahead = 0;
  #lastStart = -1;

  constructor(program: Program | undefined) {
    this.#program = program;
    const memory = program?.memory.buffer ?? new ArrayBuffer(2 * windowBytes);
    this.#window = new Uint8Array(memory, 0, windowBytes);
    // One word more, which ends the search for the next 1.
    this.#bits = new Int32Array(memory, windowBytes, windowBytes / 32 + 1);
  }

  /** Forgets what it has seen: bytes that may have changed come next. */
  reset(): void {
    this.#bytes = undefined;
    this.#from = 0;
    this.#to = 0;
    this.#lastStart = -1;
  }

  /**
   * Makes ready for the message `bytes[start, end)`. Where messages are read one after another, backwards, those in
   * front of it are looked over with it, the more the longer that goes on.
   */
  cover(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.#bytes) this.reset();
    const inside = start >= this.#from && end <= this.#to;
    this.#ahead = end === this.#lastStart ? Math.min(this.#ahead * 2, windowBytes) : end - start;
    this.#lastStart = start;
    if (inside || !this.#program) return;
    const from = Math.max(0, Math.min(start, end - this.#ahead));
    const to = Math.min(end, from + windowBytes);
    this.#window.set(bytes.subarray(from, to));
    this.#program.mark(to - from);
    this.#bits[(to - from + 31) >>> 5] = -1;
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
  }

  /** Where the scan of a string that goes on at `position` stops; at most `end`, the end of the covered message. */
  next(bytes: Uint8Array, position: number, end: number): number {
    if (position >= this.#to) return stopOfString(bytes, position, end);
    const bits = this.#bits;
    const offset = position - this.#from;
    let index = offset >>> 5;
    let word = (bits[index] ?? 0) & (-1 << (offset & 31));
    while (word === 0) {
      index += 1;
      word = bits[index] ?? -1;
    }
    const stop = this.#from + (index << 5) + 31 - Math.clz32(word & -word);
    if (stop < this.#to) return Math.min(stop, end);
    return this.#to < end ? stopOfString(bytes, this.#to, end) : end;
  }
}

let shared: StringStops | undefined;

/** The one of this thread: whoever uses it covers each message before it asks. */
export function stringStops(): StringStops {
  shared ??= new StringStops(startProgram());
  return shared;
}
