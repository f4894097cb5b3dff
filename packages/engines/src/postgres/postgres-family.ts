// All PostgreSQL databases of a host: made from the template or from a snapshot, found again; and their snapshots.
import { join } from 'node:path';
import type { DatabaseEngine, DatabaseSettings, EngineVersion } from '../contract.ts';
import { databaseFiles, readRecord } from '../database/database-files.ts';
import { DatabaseShelf, type Origin } from '../database/database-shelf.ts';
import { readSecret } from '../files/secret-file.ts';
import type { DatabaseFamily } from '../host/family.ts';
import type { EngineHostOptions } from '../host/options.ts';
import type { Places } from '../place/places.ts';
import { serverAccount } from '../process/account.ts';
import { checkParameters } from './config/parameters.ts';
import type { PostgresContext } from './context.ts';
import { prepareNewDatabase } from './database/new-database.ts';
import { placeOwner } from './database/database-server.ts';
import { PostgresDatabase } from './database/postgres-database.ts';
import { Runtimes } from './runtime/runtimes-ready.ts';
import type { PreparedRuntime } from './runtime/prepared-runtime.ts';
import { templateOf } from './template.ts';

export class PostgresFamily implements DatabaseFamily {
  readonly #options: EngineHostOptions;
  readonly #places: Places;
  readonly #folder: string;
  readonly #account = serverAccount();
  readonly #runtimes: Runtimes;
  readonly #shelf: DatabaseShelf<PostgresDatabase>;
  readonly #templates = new Map<string, Promise<string>>();
  #context: Promise<PostgresContext> | undefined;

  constructor(options: EngineHostOptions, places: Places) {
    this.#options = options;
    this.#places = places;
    this.#folder = join(options.dataDir, 'postgres');
    this.#runtimes = new Runtimes(this.#folder, this.#account);
    this.#shelf = new DatabaseShelf(this.#folder, options.durability);
  }

  versions(): readonly EngineVersion[] {
    return this.#runtimes.versions();
  }

  async createDatabase(settings: DatabaseSettings): Promise<DatabaseEngine> {
    const [context, runtime] = await this.#ready(settings);
    const source = await this.#template(context, runtime);
    const record = { version: runtime.version, masterUser: settings.master.user, isComplete: false };
    const origin = { context, runtime, source, record, isTemplate: true };
    return await this.#make(settings, origin, async (database) => {
      await prepareNewDatabase(context, { settings, major: runtime.major, server: database.administration });
    });
  }

  async restoreDatabase(settings: DatabaseSettings, snapshotId: string): Promise<DatabaseEngine> {
    const [context, runtime] = await this.#ready(settings);
    const record = await this.#shelf.snapshotRecord(snapshotId);
    if (!record.version.startsWith(`${runtime.major}.`)) {
      throw new Error(
        `the snapshot is of PostgreSQL ${record.version}, which ${runtime.version} cannot read`,
      );
    }
    const source = join(this.#shelf.snapshotHome(snapshotId), 'data');
    const origin = { context, runtime, source, record, isTemplate: false };
    return await this.#make(settings, origin, async (database) => {
      const { password } = settings.master;
      if (password !== '') await database.setMasterPassword(password);
    });
  }

  async openDatabase(settings: DatabaseSettings): Promise<DatabaseEngine | undefined> {
    const open = this.#shelf.known(settings.id);
    if (open) return open;
    const record = await readRecord(this.#shelf.home(settings.id));
    if (!record?.isComplete) return undefined;
    const [context, runtime] = await this.#ready({ ...settings, version: record.version });
    return await this.#database(settings, { context, runtime, record });
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

  async #ready({ version }: DatabaseSettings): Promise<[PostgresContext, PreparedRuntime]> {
    const runtime = await this.#runtimes.ready(version);
    this.#context ??= this.#openContext();
    return [await this.#context, runtime];
  }

  async #openContext(): Promise<PostgresContext> {
    const administratorPassword = await readSecret(join(this.#folder, 'administrator'), this.#options.random);
    return {
      ...this.#options,
      folder: this.#folder,
      account: this.#account,
      places: this.#places,
      administratorPassword,
    };
  }

  /** Made once, however many ask at the same time; a failure is tried again by the next one. */
  #template(context: PostgresContext, runtime: PreparedRuntime): Promise<string> {
    const known = this.#templates.get(runtime.version);
    if (known) return known;
    const made = templateOf(context, runtime);
    this.#templates.set(runtime.version, made);
    made.catch(() => this.#templates.delete(runtime.version));
    return made;
  }

  async #make(
    settings: DatabaseSettings,
    origin: ServedOrigin,
    finish: (database: PostgresDatabase) => Promise<void>,
  ): Promise<DatabaseEngine> {
    const { context, runtime, source } = origin;
    await checkParameters(context, runtime, { data: source, parameters: settings.parameters });
    return await this.#shelf.make(settings.id, origin, {
      open: () => this.#database(settings, origin),
      finish,
    });
  }

  async #database(
    settings: DatabaseSettings,
    { context, runtime, record }: Pick<ServedOrigin, 'context' | 'runtime' | 'record'>,
  ): Promise<PostgresDatabase> {
    this.#shelf.assertOpen();
    const database = new PostgresDatabase({
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

/** What a database begins as, and the server that reads it. */
interface ServedOrigin extends Origin {
  readonly context: PostgresContext;
  readonly runtime: PreparedRuntime;
}
