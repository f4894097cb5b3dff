// A PostgreSQL database server of RDS, as an engine.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { DatabaseEngine, DatabaseSettings, EnginePlace, TokenCheck } from '../../contract.ts';
import { folderBytes } from '../../files/folders.ts';
import { writePrivateFile } from '../../files/private-file.ts';
import { Supervisor } from '../../process/supervisor.ts';
import { turns } from '../../process/turns.ts';
import { accessRules } from '../config/access-rules.ts';
import { checkParameters, isTlsOnly } from '../config/parameters.ts';
import { settingsFile } from '../config/settings-file.ts';
import type { PostgresContext } from '../context.ts';
import { passwordStatement } from '../roles/master-user.ts';
import type { PreparedRuntime } from '../runtime/prepared-runtime.ts';
import { administer, type Administration } from '../server/administration.ts';
import { type PostgresRun, startPostgres } from '../server/postgres-server.ts';
import { reload } from '../server/reload.ts';
import { scramSecret } from '../server/scram.ts';
import { type DatabaseFiles, type DatabaseRecord, makeRunFolder } from './database-files.ts';
import { takeSnapshot } from './snapshots.ts';

export interface DatabaseParts {
  readonly context: PostgresContext;
  readonly runtime: PreparedRuntime;
  readonly files: DatabaseFiles;
  readonly record: DatabaseRecord;
  readonly settings: DatabaseSettings;
  /** Where snapshots of that id lie. */
  readonly snapshotHome: (snapshotId: string) => string;
  readonly place: EnginePlace;
  readonly onRemoved: () => void;
}

export class PostgresDatabase implements DatabaseEngine {
  readonly id: string;
  readonly #parts: DatabaseParts;
  readonly #logger: Logger;
  readonly #inTurn = turns();
  readonly #supervisor: Supervisor;
  #place: EnginePlace;
  #port: number;
  #parameters: Readonly<Record<string, string>>;

  constructor(parts: DatabaseParts) {
    this.id = parts.settings.id;
    this.#parts = parts;
    this.#logger = parts.context.logger.child({ database: this.id });
    this.#place = parts.place;
    this.#port = parts.settings.port;
    this.#parameters = parts.settings.parameters;
    this.#supervisor = new Supervisor({
      begin: () => this.#begin(),
      inTurn: this.#inTurn,
      logger: this.#logger,
    });
  }

  get place(): EnginePlace {
    return this.#place;
  }

  get isRunning(): boolean {
    return this.#supervisor.isRunning;
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#supervisor.start());
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#supervisor.stop());
  }

  remove(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#supervisor.stop();
      const { context, files } = this.#parts;
      await rm(files.home, { recursive: true, force: true, maxRetries: 5 });
      await context.places.release(placeOwner(this.id));
      this.#parts.onRemoved();
    });
  }

  sizeBytes(): Promise<number> {
    return folderBytes(this.#parts.files.data);
  }

  setMasterPassword(password: string): Promise<void> {
    return this.#inTurn(async () => {
      const { context, record } = this.#parts;
      const secret = await scramSecret(password, context.random);
      const change = () =>
        administer(this.administration, 'postgres', (query) =>
          query(passwordStatement(record.masterUser, secret)),
        );
      if (this.isRunning) await change();
      else await this.#whileUnreachable(change);
    });
  }

  setParameters(
    parameters: Readonly<Record<string, string>>,
  ): Promise<{ readonly waiting: readonly string[] }> {
    return this.#inTurn(async () => {
      const { context, runtime, files } = this.#parts;
      await checkParameters(context, runtime, { data: files.data, parameters });
      this.#parameters = { ...parameters };
      if (!this.isRunning) return { waiting: [] };
      await this.#writeSettings(this.#place.host);
      return { waiting: await reload(this.administration) };
    });
  }

  setTokenCheck(_check: TokenCheck | undefined): Promise<void> {
    return Promise.reject(new Error('logins by token are not implemented'));
  }

  setPort(port: number): Promise<void> {
    return this.#inTurn(async () => {
      if (port === this.#port) return;
      const wasRunning = this.isRunning;
      await this.#supervisor.stop();
      this.#port = port;
      await this.#reservePlace();
      if (wasRunning) await this.#supervisor.start();
    });
  }

  snapshot(snapshotId: string): Promise<void> {
    const { context, record, runtime, files, snapshotHome } = this.#parts;
    return this.#inTurn(() =>
      takeSnapshot(snapshotHome(snapshotId), {
        data: files.data,
        record: { ...record, isComplete: true },
        major: runtime.major,
        account: context.account,
        server: this.isRunning ? this.administration : undefined,
      }),
    );
  }

  /** For statements of ours; the server must run. */
  get administration(): Administration {
    const { context, files } = this.#parts;
    return { run: files.run, port: this.#place.port, password: context.administratorPassword };
  }

  async #begin(): Promise<PostgresRun> {
    const { context, runtime, files } = this.#parts;
    await this.#reservePlace();
    await makeRunFolder(context, files);
    await this.#certify();
    await this.#writeSettings(this.#place.host);
    return await startPostgres({
      runtime,
      data: files.data,
      account: context.account,
      logger: this.#logger,
    });
  }

  /** Runs the server for the time of `work` with no door but its socket. */
  async #whileUnreachable(work: () => Promise<unknown>): Promise<void> {
    const { context, runtime, files } = this.#parts;
    await makeRunFolder(context, files);
    await this.#certify();
    await this.#writeSettings('');
    const { data } = files;
    const run = await startPostgres({ runtime, data, account: context.account, logger: this.#logger });
    try {
      await work();
    } finally {
      await run.stop();
    }
  }

  async #reservePlace(): Promise<void> {
    this.#place = await this.#parts.context.places.reserve(placeOwner(this.id), this.#port);
  }

  /** A certificate that names the address; the one from earlier is kept while the address stays. */
  async #certify(): Promise<void> {
    const { context, files } = this.#parts;
    const { host } = this.#place;
    const mark = join(files.home, 'certified-host');
    if ((await readFile(mark, 'utf8').catch(() => '')) === host) return;
    const { cert, key } = await context.certify([host, 'localhost']);
    await writePrivateFile(join(files.data, 'server.crt'), cert, context.account);
    await writePrivateFile(join(files.data, 'server.key'), key, context.account);
    await writePrivateFile(mark, host);
  }

  async #writeSettings(host: string): Promise<void> {
    const { context, runtime, files, record } = this.#parts;
    const settings = settingsFile({
      host,
      port: this.#place.port,
      parameters: this.#parameters,
      isDurable: context.durability === 'durable',
    });
    const rules = accessRules({
      masterUser: record.masterUser,
      tlsOnly: isTlsOnly(runtime.major, this.#parameters),
      behindProxy: false,
    });
    await writePrivateFile(join(files.data, 'postgresql.conf'), settings, context.account);
    await writePrivateFile(join(files.data, 'pg_hba.conf'), rules, context.account);
  }
}

/** The name under which a database's place is kept. */
export function placeOwner(id: string): string {
  return `database/${id}`;
}
