// All PostgreSQL databases of a host: made from the template or from a snapshot, found again; and their snapshots.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseEngine, DatabaseSettings, EngineVersion } from '../contract.ts';
import { copyFolder, makeFolder } from '../files/folders.ts';
import { safeName } from '../files/safe-name.ts';
import { readSecret } from '../files/secret-file.ts';
import type { DatabaseFamily } from '../host/family.ts';
import type { EngineHostOptions } from '../host/options.ts';
import type { Places } from '../place/places.ts';
import { serverAccount } from '../process/account.ts';
import { checkParameters } from './config/parameters.ts';
import type { PostgresContext } from './context.ts';
import { databaseFiles, type DatabaseRecord, readRecord, writeRecord } from './database/database-files.ts';
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
  readonly #templates = new Map<string, Promise<string>>();
  readonly #open = new Map<string, PostgresDatabase>();
  #context: Promise<PostgresContext> | undefined;
  #isClosing = false;

  constructor(options: EngineHostOptions, places: Places) {
    this.#options = options;
    this.#places = places;
    this.#folder = join(options.dataDir, 'postgres');
    this.#runtimes = new Runtimes(this.#folder, this.#account);
  }

  versions(): readonly EngineVersion[] {
    return this.#runtimes.versions();
  }

  async createDatabase(settings: DatabaseSettings): Promise<DatabaseEngine> {
    const [context, runtime] = await this.#ready(settings);
    const source = await this.#template(context, runtime);
    await checkParameters(context, runtime, { data: source, parameters: settings.parameters });
    const record = { version: runtime.version, masterUser: settings.master.user, isComplete: false };
    return await this.#make(settings, { context, runtime, source, record }, async (database) => {
      await prepareNewDatabase(context, { settings, major: runtime.major, server: database.administration });
    });
  }

  async restoreDatabase(settings: DatabaseSettings, snapshotId: string): Promise<DatabaseEngine> {
    const [context, runtime] = await this.#ready(settings);
    const home = this.#snapshotHome(snapshotId);
    const kept = await readRecord(home);
    if (!kept) throw new Error(`there is no snapshot ${snapshotId}`);
    if (!kept.version.startsWith(`${runtime.major}.`)) {
      throw new Error(`the snapshot is of PostgreSQL ${kept.version}, which ${runtime.version} cannot read`);
    }
    const source = join(home, 'data');
    await checkParameters(context, runtime, { data: source, parameters: settings.parameters });
    const record = { ...kept, isComplete: false };
    return await this.#make(settings, { context, runtime, source, record }, async (database) => {
      const { password } = settings.master;
      if (password !== '') await database.setMasterPassword(password);
    });
  }

  async openDatabase(settings: DatabaseSettings): Promise<DatabaseEngine | undefined> {
    const open = this.#open.get(settings.id);
    if (open) return open;
    const record = await readRecord(this.#home(settings.id));
    if (!record?.isComplete) return undefined;
    const [context, runtime] = await this.#ready({ ...settings, version: record.version });
    return await this.#database(settings, { context, runtime, record });
  }

  async removeSnapshot(snapshotId: string): Promise<void> {
    await rm(this.#snapshotHome(snapshotId), { recursive: true, force: true, maxRetries: 5 });
  }

  async copySnapshot(from: string, to: string): Promise<boolean> {
    const [source, target] = [this.#snapshotHome(from), this.#snapshotHome(to)];
    if (!(await readRecord(source))) return false;
    if (await readRecord(target)) throw new Error(`there is a snapshot ${to} already`);
    await makeFolder(target, (partial) => copyFolder(source, partial));
    return true;
  }

  /** All servers end at the same time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#open.values()].map((database) => database.stop()));
  }

  #home(id: string): string {
    return join(this.#folder, 'databases', safeName(id));
  }

  #snapshotHome(id: string): string {
    return join(this.#folder, 'snapshots', safeName(id));
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

  async #make(settings: DatabaseSettings, origin: Origin, finish: Finish): Promise<DatabaseEngine> {
    const { source, record } = origin;
    const home = this.#home(settings.id);
    const existing = await readRecord(home);
    if (existing?.isComplete || this.#open.has(settings.id)) {
      throw new Error(`there is a database ${settings.id} already`);
    }
    // What an earlier process did not finish is of no use to anybody.
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    await makeFolder(home, async (partial) => {
      await copyFolder(source, join(partial, 'data'));
      await writeRecord(partial, record);
    });
    const database = await this.#database(settings, origin);
    try {
      await database.start();
      await finish(database);
      await writeRecord(home, { ...record, isComplete: true });
      return database;
    } catch (error) {
      await database.remove();
      throw error;
    }
  }

  async #database(
    settings: DatabaseSettings,
    { context, runtime, record }: Omit<Origin, 'source'>,
  ): Promise<PostgresDatabase> {
    // A copy takes long enough for the host to have been disposed of meanwhile.
    if (this.#isClosing) throw new Error('the engines are being stopped');
    const database = new PostgresDatabase({
      context,
      runtime,
      record,
      settings,
      files: databaseFiles(this.#home(settings.id)),
      snapshotHome: (id) => this.#snapshotHome(id),
      place: await context.places.reserve(placeOwner(settings.id), settings.port),
      onRemoved: () => this.#open.delete(settings.id),
    });
    this.#open.set(settings.id, database);
    return database;
  }
}

interface Origin {
  readonly context: PostgresContext;
  readonly runtime: PreparedRuntime;
  /** The folder that the data is a copy of. */
  readonly source: string;
  readonly record: DatabaseRecord;
}

type Finish = (database: PostgresDatabase) => Promise<void>;
