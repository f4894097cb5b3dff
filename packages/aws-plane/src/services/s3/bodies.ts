// Where the bytes of objects go: up to 64 KiB into the store, beyond that streamed to a file with constant memory.
//
// A file's name is random and nothing points to it until the metadata is committed. So a crash leaves either a
// complete object or a file that no one knows, and those are swept at the next start.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Random } from '@pergola/kernel';
import type { Checksum } from '../../checksums/checksum.ts';
import { BodyFile } from './body-file.ts';
import type { PlainBody } from './object.ts';
import { NONCE_BYTES, type Transform, transformFrom } from './sealed-bytes.ts';

const BLOB_BYTES_MAX = 64 * 1_024;
const READ_BYTES = 512 * 1_024;

/** Bytes as they come: a verified request body, or an object that is being copied. */
export type BodySource = AsyncIterable<Uint8Array>;

/** Bytes that were received and are safe, but that no object points to yet. */
export interface ReceivedBody {
  readonly body: PlainBody;
  /** The bytes themselves when they belong in the store. */
  readonly bytes: Buffer | undefined;
  readonly sizeBytes: number;
  readonly md5: Buffer;
}

export interface ReceiveOptions {
  /** Fed with every byte as it comes. */
  readonly checksum?: Checksum | undefined;
  /** Encrypts what is kept; the MD5 of the ETag is then that of the encrypted bytes. */
  readonly key?: Buffer | undefined;
  /** Called as soon as the size passes `sizeMaxBytes`; what it returns is thrown. */
  readonly sizeMaxBytes: number;
  readonly tooLarge: (sizeBytes: number, sizeMaxBytes: number) => Error;
}

/** From `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The files below one folder. */
export class Bodies {
  readonly #folder: string;
  readonly #random: Random;
  readonly #durable: boolean;
  /** Received but not committed: the sweep must leave them alone. */
  readonly #uncommitted = new Set<string>();
  /** How many answers still read a file that they have not opened yet. */
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  /** `durable`: a received body is on the disk when `receive` resolves. */
  constructor(folder: string, random: Random, durable: boolean) {
    this.#folder = folder;
    this.#random = random;
    this.#durable = durable;
  }

  /** Takes in a body. Rejects, leaving nothing behind, when the source fails or is too large. */
  async receive(source: BodySource, options: ReceiveOptions): Promise<ReceivedBody> {
    const nonce = options.key && this.#random.bytes(NONCE_BYTES).toString('base64');
    const intake = new Intake(options, nonce);
    const gathered: Uint8Array[] = [];
    const id = this.#newId();
    let file: BodyFile | undefined;
    try {
      for await (const chunk of source) {
        gathered.push(intake.take(chunk));
        if (intake.sizeBytes <= BLOB_BYTES_MAX) continue;
        file ??= await this.#create(id);
        await file.append(gathered.splice(0));
      }
      await file?.finish(this.#durable);
    } catch (error) {
      await file?.abandon();
      if (file) await this.#discardFile(id);
      throw error;
    }
    const { sizeBytes } = intake;
    const md5 = intake.md5();
    if (file) return { body: { in: 'file', id, nonce }, bytes: undefined, sizeBytes, md5 };
    const body: PlainBody = sizeBytes === 0 ? { in: 'nothing' } : { in: 'blob', id, nonce };
    return { body, bytes: Buffer.concat(gathered), sizeBytes, md5 };
  }

  async #create(id: string): Promise<BodyFile> {
    this.#uncommitted.add(id);
    try {
      return await BodyFile.create(this.#pathOf(id));
    } catch (error) {
      this.#uncommitted.delete(id);
      throw error;
    }
  }

  /** Ends the life of a received body that was not committed. */
  async discard(received: ReceivedBody): Promise<void> {
    if (received.body.in === 'file') await this.#discardFile(received.body.id);
  }

  /** The commit has it: from now on the store says whether the file is in use. */
  settle(received: ReceivedBody): void {
    if (received.body.in === 'file') this.#uncommitted.delete(received.body.id);
  }

  /** Streams one file. Held until it is open; after that an unlink does not hurt. */
  async openFile(id: string, range: ByteRange): Promise<Readable> {
    this.#hold([id]);
    try {
      const handle = await open(this.#pathOf(id));
      return handle.createReadStream({ ...range, highWaterMark: READ_BYTES });
    } finally {
      this.#release([id]);
    }
  }

  /** Streams slices of several files and buffers in order. The files stay until the stream is closed. */
  joinSlices(slices: readonly Slice[]): Readable {
    const ids = slices.flatMap((slice) => ('file' in slice ? [slice.file] : []));
    this.#hold(ids);
    const stream = Readable.from(this.#chunksOfSlices(slices), {
      objectMode: false,
      highWaterMark: READ_BYTES,
    });
    return stream.once('close', () => this.#release(ids));
  }

  /** Removes files that no object points to any more. Failures are left to the next sweep. */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else await this.#unlink(id);
    }
  }

  /** Removes every file that is neither in use nor being received; resolves to how many there were. */
  async sweep(isInUse: (id: string) => boolean, signal: AbortSignal): Promise<number> {
    let swept = 0;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const folder of await readdir(this.#folder)) {
      for (const id of await readdir(join(this.#folder, folder))) {
        if (signal.aborted) return swept;
        if (this.#uncommitted.has(id) || isInUse(id)) continue;
        await this.#unlink(id);
        swept++;
      }
    }
    return swept;
  }

  async *#chunksOfSlices(slices: readonly Slice[]): AsyncGenerator<Uint8Array> {
    for (const slice of slices) {
      if ('bytes' in slice) {
        yield slice.bytes;
        continue;
      }
      const { file, range, open: opened = same } = slice;
      const chunks = createReadStream(this.#pathOf(file), { ...range, highWaterMark: READ_BYTES });
      for await (const chunk of chunks as AsyncIterable<Buffer>) yield opened(chunk);
    }
  }

  #hold(ids: readonly string[]): void {
    for (const id of ids) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
  }

  #release(ids: readonly string[]): void {
    for (const id of ids) {
      const left = (this.#readers.get(id) ?? 1) - 1;
      if (left > 0) this.#readers.set(id, left);
      else this.#readers.delete(id);
      if (left === 0 && this.#doomed.delete(id)) void this.#unlink(id);
    }
  }

  async #discardFile(id: string): Promise<void> {
    await this.#unlink(id);
    this.#uncommitted.delete(id);
  }

  async #unlink(id: string): Promise<void> {
    // A file that is gone already is what was wanted; one that cannot be removed now is swept at the next start.
    await unlink(this.#pathOf(id)).catch(() => {});
  }

  #newId(): string {
    // Drawn as a UUID, because Node draws those from a pool: a tenth of the cost of 16 fresh bytes.
    return this.#random.uuid().replaceAll('-', '');
  }

  #pathOf(id: string): string {
    return join(this.#folder, id.slice(0, 2), id);
  }
}

/** A stretch of a multipart object: a buffer, or part of a file, which `open` decrypts. */
export type Slice =
  | { readonly bytes: Buffer }
  | { readonly file: string; readonly range: ByteRange; readonly open?: Transform | undefined };

const same: Transform = (chunk) => chunk as Buffer;

/** Counts, encrypts and hashes bytes as they come in. */
class Intake {
  readonly #md5 = createHash('md5');
  readonly #options: ReceiveOptions;
  readonly #seal: Transform | undefined;
  sizeBytes = 0;

  constructor(options: ReceiveOptions, nonce: string | undefined) {
    this.#options = options;
    this.#seal = options.key && nonce !== undefined ? transformFrom(options.key, nonce, 0) : undefined;
  }

  /** Returns what is to be kept. */
  take(chunk: Uint8Array): Uint8Array {
    this.sizeBytes += chunk.length;
    const { sizeMaxBytes, tooLarge, checksum } = this.#options;
    if (this.sizeBytes > sizeMaxBytes) throw tooLarge(this.sizeBytes, sizeMaxBytes);
    checksum?.update(chunk);
    const kept = this.#seal ? this.#seal(chunk) : chunk;
    this.#md5.update(kept);
    return kept;
  }

  md5(): Buffer {
    return this.#md5.digest();
  }
}
