// All MariaDB databases of a host: made from the template or from a snapshot, found again; and their snapshots.
import { join } from 'node:path';
import type { DatabaseEngine, DatabaseSettings, EngineVersion } from '../contract.ts';
import { databaseFiles, type DatabaseRecord, readRecord } from '../database/database-files.ts';
import { DatabaseShelf, type Origin } from '../database/database-shelf.ts';
import { readSecret } from '../files/secret-file.ts';
import type { DatabaseFamily } from '../host/family.ts';
import type { EngineHostOptions } from '../host/options.ts';
import type { Places } from '../place/places.ts';
import { serverAccount } from '../process/account.ts';
import { identifier } from './client/sql.ts';
import { checkParameters } from './config/check.ts';
import { checkConfinement } from './confined.ts';
import type { MariadbContext } from './context.ts';
import { MariadbDatabase } from './database/mariadb-database.ts';
import { placeOwner } from './database/mariadb-server.ts';
import { masterStatements } from './roles/master-user.ts';
import { findMariadb, mariadbMissing, type MariadbRuntime } from './runtime.ts';
import { templateOf } from './template.ts';

interface Served {
  readonly context: MariadbContext;
  readonly runtime: MariadbRuntime;
}

export class MariadbFamily implements DatabaseFamily {
  readonly #options: EngineHostOptions;
  readonly #places: Places;
  readonly #folder: string;
  readonly #shelf: DatabaseShelf<MariadbDatabase>;
  #found: { readonly runtime: MariadbRuntime | undefined } | undefined;
  #context: Promise<MariadbContext> | undefined;
  #template: Promise<string> | undefined;

  constructor(options: EngineHostOptions, places: Places) {
    this.#options = options;
    this.#places = places;
    this.#folder = join(options.dataDir, 'mariadb');
    this.#shelf = new DatabaseShelf(this.#folder, options.durability);
  }

  versions(): readonly EngineVersion[] {
    const { runtime } = this.#runtime();
    return runtime ? [{ engine: 'mariadb', version: runtime.version, isDefault: true }] : [];
  }

  async createDatabase(settings: DatabaseSettings): Promise<DatabaseEngine> {
    const served = await this.#ready(settings.version);
    const source = await this.#templateOf(served);
    const { master, database } = settings;
    const record = { version: served.runtime.version, masterUser: master.user, isComplete: false };
    return await this.#make(settings, served, { source, record, isTemplate: true }, [
      ...masterStatements(master.user, master.password),
      ...(database === undefined ? [] : [`CREATE DATABASE ${identifier(database)}`]),
    ]);
  }

  async restoreDatabase(settings: DatabaseSettings, snapshotId: string): Promise<DatabaseEngine> {
    const served = await this.#ready(settings.version);
    const record = await this.#shelf.snapshotRecord(snapshotId);
    if (!record.version.startsWith(`${served.runtime.series}.`)) {
      throw new Error(
        `the snapshot is of MariaDB ${record.version}, which ${served.runtime.version} cannot read`,
      );
    }
    const source = join(this.#shelf.snapshotHome(snapshotId), 'data');
    const { password } = settings.master;
    const statements = password === '' ? [] : masterStatements(record.masterUser, password);
    return await this.#make(settings, served, { source, record, isTemplate: false }, statements);
  }

  async openDatabase(settings: DatabaseSettings): Promise<DatabaseEngine | undefined> {
    const open = this.#shelf.known(settings.id);
    if (open) return open;
    const record = await readRecord(this.#shelf.home(settings.id));
    if (!record?.isComplete) return undefined;
    return await this.#database(settings, await this.#ready(record.version), record);
  }

  removeSnapshot(snapshotId: string): Promise<void> {
    return this.#shelf.removeSnapshot(snapshotId);
  }

  copySnapshot(from: string, to: string): Promise<boolean> {
    return this.#shelf.copySnapshot(from, to);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#shelf.close();
  }

  #runtime(): { readonly runtime: MariadbRuntime | undefined } {
    this.#found ??= { runtime: findMariadb() };
    return this.#found;
  }

  /** Of a version the series counts. */
  async #ready(version: string): Promise<Served> {
    const { runtime } = this.#runtime();
    if (!runtime || version.split('.').slice(0, 2).join('.') !== runtime.series) {
      throw mariadbMissing(version, runtime);
    }
    this.#context ??= this.#openContext();
    this.#context.catch(() => {
      this.#context = undefined;
    });
    return { context: await this.#context, runtime };
  }

  async #openContext(): Promise<MariadbContext> {
    const account = serverAccount();
    await checkConfinement(account);
    const folder = this.#folder;
    const administratorPassword = await readSecret(join(folder, 'administrator'), this.#options.random);
    return { ...this.#options, folder, account, places: this.#places, administratorPassword };
  }

  /** Made once, however many ask at the same time; a failure is tried again by the next one. */
  #templateOf({ context, runtime }: Served): Promise<string> {
    if (this.#template) return this.#template;
    const made = templateOf(context, runtime);
    this.#template = made;
    made.catch(() => {
      this.#template = undefined;
    });
    return made;
  }

  async #make(
    settings: DatabaseSettings,
    served: Served,
    origin: Origin,
    statements: readonly string[],
  ): Promise<DatabaseEngine> {
    await checkParameters(served.runtime, settings.parameters);
    return await this.#shelf.make(settings.id, origin, {
      open: () => this.#database(settings, served, origin.record),
      finish: (database) => database.administer(statements),
    });
  }

  async #database(
    settings: DatabaseSettings,
    { context, runtime }: Served,
    record: DatabaseRecord,
  ): Promise<MariadbDatabase> {
    this.#shelf.assertOpen();
    const database = new MariadbDatabase({
      context,
      runtime,
      record,
      settings,
      files: databaseFiles(this.#shelf.home(settings.id)),
      snapshotHome: (id) => this.#shelf.snapshotHome(id),
      place: await context.places.reserve(placeOwner(settings.id), settings.port),
      onRemoved: () => this.#shelf.forget(settings.id),
    });
    this.#shelf.keep(database);
    return database;
  }
}
