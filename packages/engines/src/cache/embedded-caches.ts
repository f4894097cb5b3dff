// The caches of a host: Redis and Valkey by the embedded server. Memcached is not run here.
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CacheEngine, type CacheSettings, EngineMissingError, type EngineVersion } from '../contract.ts';
import { safeName } from '../files/safe-name.ts';
import type { CacheFamily } from '../host/family.ts';
import type { EngineHostOptions } from '../host/options.ts';
import type { Places } from '../place/places.ts';
import { EmbeddedCache } from './embedded-cache.ts';

const versions: readonly EngineVersion[] = [
  { engine: 'redis', version: '7.1', isDefault: true },
  { engine: 'redis', version: '7.0', isDefault: false },
  { engine: 'redis', version: '6.2', isDefault: false },
  { engine: 'valkey', version: '8.0', isDefault: true },
  { engine: 'valkey', version: '7.2', isDefault: false },
];

export class EmbeddedCaches implements CacheFamily {
  readonly #options: EngineHostOptions;
  readonly #places: Places;
  readonly #running = new Set<EmbeddedCache>();

  constructor(options: EngineHostOptions, places: Places) {
    this.#options = options;
    this.#places = places;
  }

  versions(): readonly EngineVersion[] {
    return versions;
  }

  #folder(id: string): string {
    return join(this.#options.dataDir, 'caches', safeName(id));
  }

  #snapshotPath(id: string): string {
    return join(this.#options.dataDir, 'cache-snapshots', safeName(id));
  }

  #cache(settings: CacheSettings): EmbeddedCache {
    if (settings.engine === 'memcached') {
      throw new EngineMissingError(
        'no memcached can run here: the embedded cache speaks Redis only',
        'memcached',
      );
    }
    const { clock, random, logger, certify } = this.#options;
    const folder = this.#folder(settings.id);
    const snapshotPath = (id: string) => this.#snapshotPath(id);
    const cache: EmbeddedCache = new EmbeddedCache(settings, {
      clock,
      random,
      logger,
      certify,
      places: this.#places,
      folder,
      snapshotPath,
      onRemoved: () => this.#running.delete(cache),
    });
    this.#running.add(cache);
    return cache;
  }

  async createCache(settings: CacheSettings, snapshotId?: string): Promise<CacheEngine> {
    const cache = this.#cache(settings);
    await mkdir(this.#folder(settings.id), { recursive: true, mode: 0o700 });
    try {
      await (snapshotId === undefined ? cache.start() : cache.startFrom(snapshotId));
    } catch (error) {
      await cache.remove();
      throw error;
    }
    return cache;
  }

  async openCache(settings: CacheSettings): Promise<CacheEngine | undefined> {
    if (!(await exists(this.#folder(settings.id)))) return undefined;
    return this.#cache(settings);
  }

  async removeSnapshot(snapshotId: string): Promise<void> {
    await rm(this.#snapshotPath(snapshotId), { force: true });
  }

  async copySnapshot(from: string, to: string): Promise<boolean> {
    if (!(await exists(this.#snapshotPath(from)))) return false;
    await copyFile(this.#snapshotPath(from), this.#snapshotPath(to));
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((cache) => cache.stop()));
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
