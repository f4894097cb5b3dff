// The host of all engines of a sandbox: databases and caches, each family with a folder of its own. Nothing is looked for,
// loaded or started before the first engine is asked for.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Caches } from '../cache/caches.ts';
import {
  type CacheEngine,
  type CacheSettings,
  type DatabaseEngine,
  type DatabaseSettings,
  type EngineHost,
  EngineMissingError,
  type EngineVersion,
} from '../contract.ts';
import { MariadbFamily } from '../mariadb/mariadb-family.ts';
import { openPlaces, type Places } from '../place/places.ts';
import { PostgresFamily } from '../postgres/postgres-family.ts';
import type { CacheFamily, DatabaseFamily } from './family.ts';
import type { EngineHostOptions } from './options.ts';

/** Opens the host on `options.dataDir`; engines of earlier processes are found again by `openDatabase` and `openCache`. */
export async function openEngineHost(options: EngineHostOptions): Promise<EngineHost> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const places = await openPlaces(join(options.dataDir, 'places.json'), () => options.random.fraction());
  return new Host(databaseFamilies(options, places), new Caches(options, places));
}

function databaseFamilies(
  options: EngineHostOptions,
  places: Places,
): Readonly<Partial<Record<DatabaseSettings['engine'], DatabaseFamily>>> {
  return { postgres: new PostgresFamily(options, places), mariadb: new MariadbFamily(options, places) };
}

class Host implements EngineHost {
  readonly #databases: Readonly<Partial<Record<DatabaseSettings['engine'], DatabaseFamily>>>;
  readonly #caches: CacheFamily | undefined;
  #isDisposed = false;

  constructor(
    databases: Readonly<Partial<Record<DatabaseSettings['engine'], DatabaseFamily>>>,
    caches: CacheFamily | undefined,
  ) {
    this.#databases = databases;
    this.#caches = caches;
  }

  versions(): readonly EngineVersion[] {
    return this.#families().flatMap((family) => family.versions());
  }

  async createDatabase(settings: DatabaseSettings): Promise<DatabaseEngine> {
    return await this.#databasesOf(settings).createDatabase(settings);
  }

  async restoreDatabase(settings: DatabaseSettings, snapshotId: string): Promise<DatabaseEngine> {
    return await this.#databasesOf(settings).restoreDatabase(settings, snapshotId);
  }

  async openDatabase(settings: DatabaseSettings): Promise<DatabaseEngine | undefined> {
    return await this.#databasesOf(settings).openDatabase(settings);
  }

  async createCache(settings: CacheSettings, snapshotId?: string): Promise<CacheEngine> {
    return await this.#cachesOf(settings).createCache(settings, snapshotId);
  }

  async openCache(settings: CacheSettings): Promise<CacheEngine | undefined> {
    return await this.#cachesOf(settings).openCache(settings);
  }

  async removeSnapshot(snapshotId: string): Promise<void> {
    for (const family of this.#families()) await family.removeSnapshot(snapshotId);
  }

  async copySnapshot(from: string, to: string): Promise<void> {
    for (const family of this.#families()) if (await family.copySnapshot(from, to)) return;
    throw new Error(`there is no snapshot ${from}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await Promise.all(this.#families().map((family) => family[Symbol.asyncDispose]()));
  }

  #families(): (DatabaseFamily | CacheFamily)[] {
    return [...Object.values(this.#databases), ...(this.#caches ? [this.#caches] : [])];
  }

  #databasesOf({ engine, version }: DatabaseSettings): DatabaseFamily {
    this.#assertOpen();
    const family = this.#databases[engine];
    if (!family) {
      throw new EngineMissingError(
        `${engine} ${version} cannot run here: of MySQL's kind only MariaDB is implemented`,
      );
    }
    return family;
  }

  #cachesOf({ engine, version }: CacheSettings): CacheFamily {
    this.#assertOpen();
    if (!this.#caches) throw new EngineMissingError(`no ${engine} ${version} can run here`);
    return this.#caches;
  }

  #assertOpen(): void {
    if (this.#isDisposed) throw new Error('the engines are being stopped');
  }
}
