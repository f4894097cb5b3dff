// Where batches wait when memory is full: append-only segment files, each entry with its CRC-32, and a journal of what
// was accepted since. After a crash what is whole and not accepted is there again, in the order in which it was
// written; a torn or damaged entry ends its segment. A segment goes when all of its entries are accepted.
import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isRecord } from '@pergola/kernel';

const segmentBytesMax = 16 * 1024 * 1024;
const headerBytes = 16;
const magic = 0x50_42_55_46;
const segmentName = /^(\d{10})\.segment$/;
const acceptedName = 'accepted.journal';

/** What stands before a body on disk. */
export interface BufferedEntry {
  readonly group: string;
  readonly stream: string;
  readonly events: number;
  readonly recordBytes: number;
  readonly openedMs: number;
}

/** One entry on disk. */
export interface DiskRef {
  readonly segment: number;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly entry: BufferedEntry;
}

interface Segment {
  readonly number: number;
  sizeBytes: number;
  open: number;
}

export class DiskBuffer {
  readonly #directory: string;
  readonly #bytesMax: number;
  readonly #segments = new Map<number, Segment>();
  readonly #found: DiskRef[] = [];
  #writing: { readonly segment: Segment; readonly fd: number } | undefined;
  #accepted: number;
  #next = 1;

  /** Opens the buffer in `directory` and finds what a former process left. */
  constructor(directory: string, bytesMax: number) {
    this.#directory = directory;
    this.#bytesMax = bytesMax;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const accepted = readAccepted(join(directory, acceptedName));
    // A number that the journal knows is not given again: entries of the new segment would count as accepted.
    for (const key of accepted) this.#next = Math.max(this.#next, (Number.parseInt(key, 10) || 0) + 1);
    for (const name of readdirSync(directory).sort()) {
      const number = Number(segmentName.exec(name)?.[1]);
      if (number > 0) this.#recover(number, accepted);
    }
    this.#accepted = this.#openAccepted();
  }

  get sizeBytes(): number {
    let bytes = 0;
    for (const segment of this.#segments.values()) bytes += segment.sizeBytes;
    return bytes;
  }

  /** The entries that were there at the start, the oldest first. */
  get found(): readonly DiskRef[] {
    return this.#found;
  }

  hasRoomFor(bytes: number): boolean {
    return this.sizeBytes + bytes + 1024 <= this.#bytesMax;
  }

  /** Writes an entry; it is safe after `sync`. Throws what the disk throws, and holds no half entry then. */
  write(entry: BufferedEntry, body: Buffer): DiskRef {
    const meta = Buffer.from(JSON.stringify(entry));
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32LE(magic, 0);
    header.writeUInt32LE(meta.length, 4);
    header.writeUInt32LE(body.length, 8);
    header.writeUInt32LE(crc32(body, crc32(meta)), 12);
    const { segment, fd } = this.#segmentFor(header.length + meta.length + body.length);
    const offset = segment.sizeBytes;
    let at = offset;
    for (const part of [header, meta, body]) {
      writeWhole(fd, part, at);
      at += part.length;
    }
    segment.sizeBytes = at;
    segment.open += 1;
    return { segment: segment.number, offset, sizeBytes: at - offset, entry };
  }

  /** Makes everything written so far safe. */
  sync(): void {
    if (this.#writing) fdatasyncSync(this.#writing.fd);
  }

  /** The body of an entry; undefined when the disk gave back something else. */
  read(ref: DiskRef): Buffer | undefined {
    const bytes = Buffer.allocUnsafeSlow(ref.sizeBytes);
    const fd = openSync(this.#pathOf(ref.segment), 'r');
    try {
      if (readSync(fd, bytes, 0, bytes.length, ref.offset) < bytes.length) return undefined;
    } finally {
      closeSync(fd);
    }
    return parseEntry(bytes, 0)?.body;
  }

  /** The entry need not be kept any more. */
  accept(ref: DiskRef): void {
    writeSync(this.#accepted, `${ref.segment} ${ref.offset}\n`);
    const segment = this.#segments.get(ref.segment);
    if (!segment) return;
    segment.open -= 1;
    if (segment.open === 0) this.#remove(segment);
  }

  close(): void {
    if (this.#writing) closeSync(this.#writing.fd);
    this.#writing = undefined;
    closeSync(this.#accepted);
  }

  #segmentFor(bytes: number): { readonly segment: Segment; readonly fd: number } {
    if (this.#writing && this.#writing.segment.sizeBytes + bytes <= segmentBytesMax) return this.#writing;
    if (this.#writing) {
      fdatasyncSync(this.#writing.fd);
      closeSync(this.#writing.fd);
    }
    const segment: Segment = { number: this.#next, sizeBytes: 0, open: 0 };
    const fd = openSync(this.#pathOf(segment.number), 'wx', 0o600);
    this.#next += 1;
    this.#segments.set(segment.number, segment);
    this.#writing = { segment, fd };
    return this.#writing;
  }

  #remove(segment: Segment): void {
    if (this.#writing?.segment === segment) {
      closeSync(this.#writing.fd);
      this.#writing = undefined;
    }
    this.#segments.delete(segment.number);
    rmSync(this.#pathOf(segment.number), { force: true });
    if (this.#segments.size > 0) return;
    closeSync(this.#accepted);
    this.#accepted = this.#openAccepted();
  }

  /** Emptied when nothing is on disk: then the journal has nothing to say. */
  #openAccepted(): number {
    const isEmpty = this.#segments.size === 0;
    const fd = openSync(join(this.#directory, acceptedName), isEmpty ? 'w' : 'a', 0o600);
    // What it said must not come back after a power cut, when its numbers are given again.
    if (isEmpty) fdatasyncSync(fd);
    return fd;
  }

  #recover(number: number, accepted: ReadonlySet<string>): void {
    this.#next = Math.max(this.#next, number + 1);
    const path = this.#pathOf(number);
    const segment: Segment = { number, sizeBytes: statSync(path).size, open: 0 };
    const bytes = readFileSync(path);
    for (let offset = 0; offset < bytes.length; ) {
      const parsed = parseEntry(bytes, offset);
      if (!parsed) break;
      const { sizeBytes, entry } = parsed;
      if (!accepted.has(`${number} ${offset}`)) {
        this.#found.push({ segment: number, offset, sizeBytes, entry });
        segment.open += 1;
      }
      offset += sizeBytes;
    }
    if (segment.open === 0) rmSync(path, { force: true });
    else this.#segments.set(number, segment);
  }

  #pathOf(segment: number): string {
    return join(this.#directory, `${String(segment).padStart(10, '0')}.segment`);
  }
}

function parseEntry(
  bytes: Buffer,
  at: number,
): { readonly entry: BufferedEntry; readonly body: Buffer; readonly sizeBytes: number } | undefined {
  if (at + headerBytes > bytes.length || bytes.readUInt32LE(at) !== magic) return undefined;
  const metaBytes = bytes.readUInt32LE(at + 4);
  const sizeBytes = headerBytes + metaBytes + bytes.readUInt32LE(at + 8);
  if (at + sizeBytes > bytes.length) return undefined;
  const meta = bytes.subarray(at + headerBytes, at + headerBytes + metaBytes);
  const body = bytes.subarray(at + headerBytes + metaBytes, at + sizeBytes);
  if (crc32(body, crc32(meta)) !== bytes.readUInt32LE(at + 12)) return undefined;
  const entry: unknown = JSON.parse(meta.toString('utf8'));
  return isRecord(entry) ? { entry: entry as unknown as BufferedEntry, body, sizeBytes } : undefined;
}

/** `segment offset` of each entry that was accepted. A line that a crash tore would name another entry: it is cut off. */
function readAccepted(path: string): Set<string> {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, whole.length);
  return new Set(whole.split('\n').slice(0, -1));
}

function writeWhole(fd: number, part: Buffer, position: number): void {
  for (let at = 0; at < part.length; ) at += writeSync(fd, part, at, part.length - at, position + at);
}
