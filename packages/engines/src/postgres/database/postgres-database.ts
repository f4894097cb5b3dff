// A PostgreSQL database of RDS, as an engine: its changes one after another, over a server that is kept running.
import { rm } from 'node:fs/promises';
import type { DatabaseEngine, EnginePlace, TokenCheck } from '../../contract.ts';
import { folderBytes } from '../../files/folders.ts';
import { Supervisor } from '../../process/supervisor.ts';
import { turns } from '../../process/turns.ts';
import { checkParameters } from '../config/parameters.ts';
import { passwordStatement } from '../roles/master-user.ts';
import { administer, type Administration } from '../server/administration.ts';
import { reload } from '../server/reload.ts';
import { scramSecret } from '../server/scram.ts';
import { type DatabaseParts, DatabaseServer } from './database-server.ts';
import { takeSnapshot } from './snapshots.ts';

export interface PostgresDatabaseParts extends DatabaseParts {
  /** Where snapshots of that id lie. */
  readonly snapshotHome: (snapshotId: string) => string;
  readonly onRemoved: () => void;
}

export class PostgresDatabase implements DatabaseEngine {
  readonly id: string;
  readonly #parts: PostgresDatabaseParts;
  readonly #inTurn = turns();
  readonly #server: DatabaseServer;
  readonly #supervisor: Supervisor;

  constructor(parts: PostgresDatabaseParts) {
    this.id = parts.settings.id;
    this.#parts = parts;
    const logger = parts.context.logger.child({ database: this.id });
    this.#server = new DatabaseServer(parts, logger);
    this.#supervisor = new Supervisor({
      begin: () => this.#server.begin(),
      inTurn: this.#inTurn,
      logger,
    });
  }

  get place(): EnginePlace {
    return this.#server.place;
  }

  get isRunning(): boolean {
    return this.#supervisor.isRunning;
  }

  /** For statements of ours, while it runs. */
  get administration(): Administration {
    return this.#server.administration;
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
      await rm(this.#parts.files.home, { recursive: true, force: true, maxRetries: 5 });
      await this.#server.releasePlace();
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
      else await this.#server.whileUnreachable(change);
    });
  }

  setParameters(
    parameters: Readonly<Record<string, string>>,
  ): Promise<{ readonly waiting: readonly string[] }> {
    return this.#inTurn(async () => {
      const { context, runtime, files } = this.#parts;
      await checkParameters(context, runtime, { data: files.data, parameters });
      this.#server.parameters = { ...parameters };
      if (!this.isRunning) return { waiting: [] };
      await this.#server.writeSettings();
      return { waiting: await reload(this.administration) };
    });
  }

  /** The server's own door closes when there is something to check, and opens when not: it restarts for that. */
  setTokenCheck(check: TokenCheck | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const isSame = (check === undefined) === (this.#server.check === undefined);
      const change = async () => {
        this.#server.check = check;
      };
      if (isSame) await change();
      else await this.#whileStopped(change);
    });
  }

  setPort(port: number): Promise<void> {
    return this.#inTurn(async () => {
      if (port === this.#server.port) return;
      await this.#whileStopped(async () => {
        this.#server.port = port;
        await this.#server.reservePlace();
      });
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
        isDurable: context.durability === 'durable',
        server: this.isRunning ? this.administration : undefined,
      }),
    );
  }

  async #whileStopped(change: () => Promise<void>): Promise<void> {
    const wasRunning = this.isRunning;
    await this.#supervisor.stop();
    await change();
    if (wasRunning) await this.#supervisor.start();
  }
}
