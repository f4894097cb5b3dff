// The caches of a host: Redis and Valkey by the embedded server or by those of the machine, Memcached by the machine's.
//
// What a cache or a snapshot was made by, it stays with: their files differ.
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheEngine, CacheSettings, EngineVersion } from '../contract.ts';
import { safeName } from '../files/safe-name.ts';
import type { CacheFamily } from '../host/family.ts';
import type { EngineHostOptions } from '../host/options.ts';
import type { Places } from '../place/places.ts';
import { EmbeddedCache } from './embedded-cache.ts';
import { HostMemcachedCache } from './host/memcached-cache.ts';
import { hasProgram, programFor } from './host/programs.ts';
import { HostRedisCache } from './host/redis-cache.ts';
import type { CacheSurroundings } from './surroundings.ts';

const versions: readonly EngineVersion[] = [
  { engine: 'redis', version: '7.1', isDefault: true },
  { engine: 'redis', version: '7.0', isDefault: false },
  { engine: 'redis', version: '6.2', isDefault: false },
  { engine: 'valkey', version: '8.0', isDefault: true },
  { engine: 'valkey', version: '7.2', isDefault: false },
];
const memcachedVersion: EngineVersion = { engine: 'memcached', version: '1.6', isDefault: true };

/** Who runs a cache, and so in which form its data is kept. */
type Maker = 'embedded' | 'host';

const folders: Readonly<Record<Maker, string>> = { embedded: 'caches', host: 'host-caches' };
const suffixes: Readonly<Record<Maker, string>> = { embedded: '', host: '.rdb' };
const makers: readonly Maker[] = ['embedded', 'host'];

interface Startable extends CacheEngine {
  startFrom?(snapshotId: string): Promise<void>;
}

export class Caches implements CacheFamily {
  readonly #options: EngineHostOptions;
  readonly #places: Places;
  readonly #running = new Set<CacheEngine>();

  constructor(options: EngineHostOptions, places: Places) {
    this.#options = options;
    this.#places = places;
  }

  versions(): readonly EngineVersion[] {
    return hasProgram('memcached') ? [...versions, memcachedVersion] : versions;
  }

  /** Cluster mode is the embedded server's alone. */
  #makerFor({ engine, layout }: CacheSettings): Maker {
    if (engine === 'memcached') return 'host';
    return this.#options.caches === 'host' && !layout.clustered ? 'host' : 'embedded';
  }

  #folder(id: string, maker: Maker): string {
    return join(this.#options.dataDir, folders[maker], safeName(id));
  }

  #snapshotPath(id: string, maker: Maker): string {
    return join(this.#options.dataDir, 'cache-snapshots', safeName(id) + suffixes[maker]);
  }

  #cache(settings: CacheSettings, maker: Maker): Startable {
    const { clock, random, logger, certify } = this.#options;
    const around: CacheSurroundings = {
      clock,
      random,
      logger,
      certify,
      places: this.#places,
      folder: this.#folder(settings.id, maker),
      snapshotPath: (id) => this.#snapshotPath(id, maker),
      onRemoved: () => this.#running.delete(cache),
    };
    const cache: Startable = this.#make(settings, maker, around);
    this.#running.add(cache);
    return cache;
  }

  #make(settings: CacheSettings, maker: Maker, around: CacheSurroundings): Startable {
    if (maker === 'embedded') return new EmbeddedCache(settings, around);
    const program = programFor(settings.engine);
    return settings.engine === 'memcached'
      ? new HostMemcachedCache(settings, around, program)
      : new HostRedisCache(settings, around, program);
  }

  async createCache(settings: CacheSettings, snapshotId?: string): Promise<CacheEngine> {
    const maker =
      snapshotId === undefined ? this.#makerFor(settings) : await this.#makerOfSnapshot(snapshotId);
    const cache = this.#cache(settings, maker);
    await mkdir(this.#folder(settings.id, maker), { recursive: true, mode: 0o711 });
    try {
      if (snapshotId === undefined) await cache.start();
      else if (cache.startFrom) await cache.startFrom(snapshotId);
      else throw new Error(`${settings.engine} has no snapshots`);
    } catch (error) {
      await cache.remove();
      throw error;
    }
    return cache;
  }

  async #makerOfSnapshot(snapshotId: string): Promise<Maker> {
    for (const maker of makers) if (await exists(this.#snapshotPath(snapshotId, maker))) return maker;
    throw new Error(`there is no snapshot ${snapshotId}`);
  }

  async openCache(settings: CacheSettings): Promise<CacheEngine | undefined> {
    for (const maker of makers) {
      if (await exists(this.#folder(settings.id, maker))) return this.#cache(settings, maker);
    }
    return undefined;
  }

  async removeSnapshot(snapshotId: string): Promise<void> {
    for (const maker of makers) await rm(this.#snapshotPath(snapshotId, maker), { force: true });
  }

  async copySnapshot(from: string, to: string): Promise<boolean> {
    for (const maker of makers) {
      const path = this.#snapshotPath(from, maker);
      if (!(await exists(path))) continue;
      await copyFile(path, this.#snapshotPath(to, maker));
      return true;
    }
    return false;
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
