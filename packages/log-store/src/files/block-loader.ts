// Loads blocks for the main thread: few open files, a cache bounded in bytes, and damage told instead of thrown.
import { type FileHandle, open } from 'node:fs/promises';
import type { Logger } from '@pergola/kernel';
import { assembleBlock, extentsOf } from './block-file.ts';
import type { GroupRef } from '../contract.ts';
import { readInto } from '../journal/journal-scan.ts';
import { type LoadedBlock, loadedBlock, sizeOf } from './loaded-block.ts';
import type { ReadBuffer } from './read-buffer.ts';
import type { StoredBlock } from './stored-block.ts';

const CACHE_BYTES_MAX = 24 * 1024 * 1024;

/** The files are there as long as the caller holds a lease on them. */
export class BlockLoader {
  readonly #logger: Logger;
  readonly #cacheBytesMax: number;
  readonly #cache = new Map<string, LoadedBlock>();
  #cachedBytes = 0;
  #damaged = 0;

  constructor(logger: Logger, cacheBytesMax = CACHE_BYTES_MAX) {
    this.#logger = logger;
    this.#cacheBytesMax = cacheBytesMax;
  }

  /** Frames found damaged since the store was opened. */
  get damaged(): number {
    return this.#damaged;
  }

  /** The block; undefined when its file has gone meanwhile. */
  async load(group: GroupRef, block: StoredBlock): Promise<LoadedBlock | undefined> {
    const name = nameOf(block);
    const cached = this.#cached(name);
    if (cached) return cached;
    const loaded = await this.read(group, block);
    if (loaded) this.#remember(name, loaded);
    return loaded;
  }

  /**
   * The same for those who look at each block once: leaves the cache alone. With `buffer`, the block is there until
   * the buffer is used again.
   */
  async read(group: GroupRef, block: StoredBlock, buffer?: ReadBuffer): Promise<LoadedBlock | undefined> {
    buffer?.reset();
    const extents = extentsOf(block.source);
    const pieces: Buffer[] = [];
    let file: FileHandle | undefined;
    try {
      file = await open(block.source.path, 'r');
      for (const { offset, length } of extents) {
        const piece = buffer?.take(length) ?? Buffer.allocUnsafeSlow(length);
        pieces.push(await readInto(file, offset, piece));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    } finally {
      await file?.close();
    }
    const { columns, damaged } = assembleBlock(block, extents, pieces);
    if (damaged > 0) {
      this.#damaged += damaged;
      const { path } = block.source;
      this.#logger.error({ path, group: group.name, damaged }, 'damaged log events are passed over');
    }
    return loadedBlock({ ...columns, account: group.account, group: group.name });
  }

  /** From the cache when it is there; else without putting it there. */
  async glance(group: GroupRef, block: StoredBlock, buffer: ReadBuffer): Promise<LoadedBlock | undefined> {
    return this.#cached(nameOf(block)) ?? (await this.read(group, block, buffer));
  }

  #cached(name: string): LoadedBlock | undefined {
    const cached = this.#cache.get(name);
    if (!cached) return undefined;
    this.#cache.delete(name);
    this.#cache.set(name, cached);
    return cached;
  }

  #remember(name: string, block: LoadedBlock): void {
    const bytes = sizeOf(block);
    if (bytes > this.#cacheBytesMax / 2 || this.#cache.has(name)) return;
    this.#cache.set(name, block);
    this.#cachedBytes += bytes;
    for (const [oldest, old] of this.#cache) {
      if (this.#cachedBytes <= this.#cacheBytesMax) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= sizeOf(old);
    }
  }
}

function nameOf({ source, count }: StoredBlock): string {
  return `${source.path}:${source.frames[0]}:${count}`;
}
