// A MariaDB database of RDS, as an engine: its changes one after another, over a server that is kept running.
import { rm } from 'node:fs/promises';
import type { DatabaseEngine, EnginePlace, TokenCheck } from '../../contract.ts';
import { folderBytes } from '../../files/folders.ts';
import { Supervisor } from '../../process/supervisor.ts';
import { turns } from '../../process/turns.ts';
import { checkParameters } from '../config/check.ts';
import { masterStatements } from '../roles/master-user.ts';
import { changeParameters } from './changed-parameters.ts';
import { type MariadbParts, MariadbServer } from './mariadb-server.ts';
import { takeSnapshot } from './snapshots.ts';

export interface MariadbDatabaseParts extends MariadbParts {
  /** Where snapshots of that id lie. */
  readonly snapshotHome: (snapshotId: string) => string;
  readonly onRemoved: () => void;
}

export class MariadbDatabase implements DatabaseEngine {
  readonly id: string;
  readonly #parts: MariadbDatabaseParts;
  readonly #inTurn = turns();
  readonly #server: MariadbServer;
  readonly #supervisor: Supervisor;

  constructor(parts: MariadbDatabaseParts) {
    this.id = parts.settings.id;
    this.#parts = parts;
    const logger = parts.context.logger.child({ database: this.id });
    this.#server = new MariadbServer(parts, logger);
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

  /** Runs statements of the administrator's, in order. */
  administer(statements: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const run = async () => {
        await using connection = await this.#server.administration();
        for (const statement of statements) await connection.query(statement);
      };
      if (this.isRunning) await run();
      else await this.#server.whileUnreachable(run);
    });
  }

  setMasterPassword(password: string): Promise<void> {
    return this.administer(masterStatements(this.#parts.record.masterUser, password));
  }

  setParameters(
    parameters: Readonly<Record<string, string>>,
  ): Promise<{ readonly waiting: readonly string[] }> {
    return this.#inTurn(async () => {
      await checkParameters(this.#parts.runtime, parameters);
      const before = this.#server.parameters;
      let waiting: readonly string[] = [];
      if (this.isRunning) {
        const { started } = this.#server;
        await using connection = await this.#server.administration();
        waiting = await changeParameters(connection, { started, before, after: parameters });
      }
      this.#server.parameters = { ...parameters };
      return { waiting };
    });
  }

  async setTokenCheck(check: TokenCheck | undefined): Promise<void> {
    if (check) throw new Error('login by token is not implemented for MariaDB');
  }

  setPort(port: number): Promise<void> {
    return this.#inTurn(async () => {
      if (port === this.#server.port) return;
      const wasRunning = this.isRunning;
      await this.#supervisor.stop();
      this.#server.port = port;
      await this.#server.reservePlace();
      if (wasRunning) await this.#supervisor.start();
    });
  }

  snapshot(snapshotId: string): Promise<void> {
    const { context, record, files, snapshotHome } = this.#parts;
    return this.#inTurn(async () => {
      const source = {
        data: files.data,
        record: { ...record, isComplete: true },
        isDurable: context.durability === 'durable',
      };
      const home = snapshotHome(snapshotId);
      const { process } = this.#server;
      if (!this.isRunning || !process) return await takeSnapshot(home, { ...source, server: undefined });
      // The lock goes with the connection.
      await using connection = await this.#server.administration();
      await takeSnapshot(home, { ...source, server: { process, connection } });
    });
  }
}
