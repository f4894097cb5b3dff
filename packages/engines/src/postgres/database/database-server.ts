// How the server of one database is set up and begun: its place, its certificate, its files, and who stands in front.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { DatabaseSettings, EnginePlace, TokenCheck } from '../../contract.ts';
import { certifyServer } from '../../database/certificate.ts';
import { type DatabaseFiles, type DatabaseRecord, makeServerFolder } from '../../database/database-files.ts';
import { writePrivateFile } from '../../files/private-file.ts';
import { accessRules } from '../config/access-rules.ts';
import { isTlsOnly } from '../config/parameters.ts';
import { settingsFile } from '../config/settings-file.ts';
import type { PostgresContext } from '../context.ts';
import { openLoginProxy } from '../proxy/login-proxy.ts';
import { TokenUsers } from '../proxy/token-users.ts';
import type { PreparedRuntime } from '../runtime/prepared-runtime.ts';
import type { Administration } from '../server/administration.ts';
import { type PostgresRun, startPostgres } from '../server/postgres-server.ts';

export interface DatabaseParts {
  readonly context: PostgresContext;
  readonly runtime: PreparedRuntime;
  readonly files: DatabaseFiles;
  readonly record: DatabaseRecord;
  readonly settings: DatabaseSettings;
  /** Where it may listen. */
  readonly place: EnginePlace;
}

/** The caller lets no two of its calls overlap. */
export class DatabaseServer {
  readonly #parts: DatabaseParts;
  readonly #logger: Logger;
  /** Where clients come, and where the server itself listens: two places when something of ours is between. */
  #place: EnginePlace;
  #inner: EnginePlace;
  #front: AsyncDisposable | undefined;
  /** The port that is wanted. */
  port: number;
  parameters: Readonly<Record<string, string>>;
  check: TokenCheck | undefined;

  constructor(parts: DatabaseParts, logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
    this.#place = parts.place;
    this.#inner = parts.place;
    this.port = parts.settings.port;
    this.parameters = parts.settings.parameters;
  }

  get place(): EnginePlace {
    return this.#place;
  }

  /** For statements of ours, while it runs. */
  get administration(): Administration {
    const { context, files } = this.#parts;
    return { run: files.run, port: this.#inner.port, password: context.administratorPassword };
  }

  async begin(): Promise<PostgresRun> {
    await this.#closeFront();
    await this.reservePlace();
    const run = await this.#start(this.#inner.host);
    try {
      if (this.check) await this.#openFront(this.check);
    } catch (error) {
      await run.stop();
      throw error;
    }
    return {
      process: run.process,
      stop: async () => {
        await this.#closeFront();
        await run.stop();
      },
    };
  }

  /** Runs the server for the time of `work` with no door but its socket. */
  async whileUnreachable(work: () => Promise<unknown>): Promise<void> {
    const run = await this.#start('');
    try {
      await work();
    } finally {
      await run.stop();
    }
  }

  /** Finds out where it would listen now. It must not run. */
  async reservePlace(): Promise<void> {
    const { places } = this.#parts.context;
    const owner = placeOwner(this.#parts.settings.id);
    this.#place = await places.reserve(owner, this.port);
    this.#inner = this.check ? await places.reserve(innerOwner(owner), 0) : this.#place;
  }

  async releasePlace(): Promise<void> {
    const { places } = this.#parts.context;
    const owner = placeOwner(this.#parts.settings.id);
    await places.release(owner);
    await places.release(innerOwner(owner));
  }

  /** Writes settings and rules as they are now, for a server that listens as it does. */
  async writeSettings(host = this.#inner.host): Promise<void> {
    const { context, runtime, files, record } = this.#parts;
    const settings = settingsFile({
      host,
      port: this.#inner.port,
      parameters: this.parameters,
      isDurable: context.durability === 'durable',
    });
    const rules = accessRules({
      masterUser: record.masterUser,
      tlsOnly: isTlsOnly(runtime.major, this.parameters),
      behindProxy: this.check !== undefined,
    });
    await writePrivateFile(join(files.data, 'postgresql.conf'), settings, context.account);
    await writePrivateFile(join(files.data, 'pg_hba.conf'), rules, context.account);
  }

  async #start(host: string): Promise<PostgresRun> {
    const { context, runtime, files } = this.#parts;
    await makeServerFolder(files.run, context.account);
    await certifyServer(context, files, this.#place.host);
    await this.writeSettings(host);
    const { data } = files;
    return await startPostgres({ runtime, data, account: context.account, logger: this.#logger });
  }

  async #openFront(check: TokenCheck): Promise<void> {
    const { runtime, files } = this.#parts;
    const users = new TokenUsers(this.administration, runtime.major);
    const proxy = await openLoginProxy({
      place: this.#place,
      server: this.#inner,
      run: files.run,
      certificate: {
        cert: await readFile(join(files.data, 'server.crt'), 'utf8'),
        key: await readFile(join(files.data, 'server.key'), 'utf8'),
      },
      tlsOnly: () => isTlsOnly(runtime.major, this.parameters),
      isTokenUser: (user) => users.has(user),
      check: (login) => (this.check ?? check)(login),
      logger: this.#logger,
    });
    this.#front = {
      [Symbol.asyncDispose]: async () => {
        await proxy[Symbol.asyncDispose]();
        await users[Symbol.asyncDispose]();
      },
    };
  }

  async #closeFront(): Promise<void> {
    const front = this.#front;
    this.#front = undefined;
    await front?.[Symbol.asyncDispose]();
  }
}

/** The name under which a database's place is kept. */
export function placeOwner(id: string): string {
  return `database/${id}`;
}

function innerOwner(owner: string): string {
  return `${owner}/server`;
}
