// Writing one body to a new file: chunks are gathered to a mebibyte, and are written while the next are gathered.
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

const WRITE_BYTES = 1_024 * 1_024;
/** Systems take at most 1,024 buffers in one write. */
const WRITE_CHUNKS_MAX = 512;

/** A file that is being written. It must be finished or abandoned. */
export class BodyFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  /** The one write under way. */
  #write: Promise<void> = Promise.resolve();

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Makes the file and its folder, for the owner only. Rejects when the file is there already. */
  static async create(path: string): Promise<BodyFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return new BodyFile(path, await open(path, 'wx', 0o600));
  }

  /** Takes `chunks`, which must not be changed any more. Waits when a write is under way and another is due. */
  async append(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) {
      this.#gathered.push(chunk);
      this.#gatheredBytes += chunk.length;
    }
    if (this.#gatheredBytes >= WRITE_BYTES || this.#gathered.length >= WRITE_CHUNKS_MAX) await this.#flush();
  }

  /** Writes the rest. `durable`: resolves when the disk has the bytes and the name. */
  async finish(durable: boolean): Promise<void> {
    await this.#flush();
    await this.#write;
    if (durable) await this.#handle.sync();
    await this.#handle.close();
    if (durable) await syncFolder(dirname(this.#path));
  }

  /** Closes the file as it is, for one who will remove it. */
  async abandon(): Promise<void> {
    // The failure that led here is known to the caller; one of the last write adds nothing to it.
    await this.#write.catch(() => {});
    await this.#handle.close().catch(() => {});
  }

  async #flush(): Promise<void> {
    await this.#write;
    const chunks = this.#gathered;
    const sizeBytes = this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (sizeBytes === 0) return;
    this.#write = this.#writeAll(chunks, sizeBytes);
    // Whoever flushes next, finishes or abandons hears of a failure; until then it must not count as unheard.
    this.#write.catch(() => {});
  }

  async #writeAll(chunks: readonly Uint8Array[], sizeBytes: number): Promise<void> {
    const { bytesWritten } = await this.#handle.writev(chunks);
    if (bytesWritten === sizeBytes) return;
    // A full disk takes a part; the next write says why.
    let rest = Buffer.concat(chunks).subarray(bytesWritten);
    while (rest.length > 0) rest = rest.subarray((await this.#handle.write(rest)).bytesWritten);
  }
}

/** A new file's name is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
