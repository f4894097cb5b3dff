// One server of the host: the process of a node, its folder, and what it is told while it runs.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { CacheSettings, EnginePlace } from '../../contract.ts';
import { makeServerFolder } from '../../database/database-files.ts';
import { writePrivateFile } from '../../files/private-file.ts';
import type { ServerCertificate } from '../../host/options.ts';
import type { Account } from '../../process/account.ts';
import { eventually } from '../../process/eventually.ts';
import { clearLeftOver } from '../../process/left-over.ts';
import { type ServerProcess, startServerProcess } from '../../process/server-process.ts';
import { Supervisor } from '../../process/supervisor.ts';
import { type Login, withClient } from './redis-client.ts';
import {
  aclFile,
  aclFileName,
  certificateNames,
  dataFileName,
  parametersToSet,
  pidFileName,
  settingsFile,
  settingsFileName,
} from './redis-files.ts';

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const SYNC_LIMIT_MS = 10_000;

/** What all nodes of a cache have in common, as it is now. */
export interface NodeCommons {
  readonly program: string;
  readonly account: Account | undefined;
  readonly administrator: Login;
  readonly logger: Logger;
  /** Runs a task when the cache's other tasks have ended. */
  readonly inTurn: (task: () => Promise<void>) => Promise<void>;
  settings(): CacheSettings;
  certificate(): ServerCertificate | undefined;
}

export interface NodeRole {
  readonly place: EnginePlace;
  /** Undefined for the primary itself. */
  readonly primary: EnginePlace | undefined;
}

export class RedisNode {
  readonly folder: string;
  readonly #commons: NodeCommons;
  readonly #supervisor: Supervisor;
  #role: NodeRole;

  constructor(folder: string, commons: NodeCommons, role: NodeRole) {
    this.folder = folder;
    this.#commons = commons;
    this.#role = role;
    const { inTurn, logger } = commons;
    this.#supervisor = new Supervisor({ begin: () => this.#begin(), inTurn, logger });
  }

  get isRunning(): boolean {
    return this.#supervisor.isRunning;
  }

  start(): Promise<void> {
    return this.#supervisor.start();
  }

  async #begin() {
    const { program, account, administrator, logger } = this.#commons;
    await makeServerFolder(this.folder, account);
    await clearLeftOver(this.folder, pidFileName);
    await this.#writeAccess();
    await this.#writeCertificate();
    if (this.#role.primary) await rm(this.dataFile, { force: true });
    const folder = account ? '/proc/self/fd/4' : this.folder;
    const { tls, parameters } = this.#commons.settings();
    const start = { folder, ...this.#role, tls: tls !== 'off', parameters, administrator };
    await writePrivateFile(join(this.folder, settingsFileName), settingsFile(start), account);
    const server = await startServerProcess(
      {
        program,
        folders: [this.folder],
        words: ([path = '']) => [`${path}/${settingsFileName}`],
        account,
        abortSignal: 'KILL',
      },
      logger,
    );
    await this.#untilReady(server);
    // Were it left, a sudden end would bring back what has been deleted or has changed since.
    await rm(this.dataFile, { force: true });
    return { process: server, stop: () => this.#end(server) };
  }

  get dataFile(): string {
    return join(this.folder, dataFileName);
  }

  async #untilReady(server: ServerProcess): Promise<void> {
    const answers = async () => {
      if (server.hasEnded) return 'ended';
      return await this.ask('PING').then(
        () => 'ready',
        () => undefined,
      );
    };
    if ((await eventually(answers, { limitMs: START_LIMIT_MS, everyMs: 10 })) === 'ready') return;
    server.signal('SIGKILL');
    throw new Error(`the cache server did not start: ${server.lastWords().split('\n').slice(-4).join('; ')}`);
  }

  /** The primary leaves its data for the next start. */
  async #end(server: ServerProcess): Promise<void> {
    const how = this.#role.primary ? 'NOSAVE' : 'SAVE';
    if (!server.hasEnded) await this.ask('SHUTDOWN', how).catch(() => {}); // NOTE: it ends without an answer.
    const ended = async () => (server.hasEnded ? true : undefined);
    if (await eventually(ended, { limitMs: STOP_LIMIT_MS, everyMs: 4 })) return;
    server.signal('SIGKILL');
    await eventually(ended, { limitMs: STOP_LIMIT_MS, everyMs: 4 });
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop();
  }

  async ask(...words: readonly string[]): Promise<string> {
    return await withClient(this.folder, this.#commons.administrator, (client) => client.ask(...words));
  }

  async #writeAccess(): Promise<void> {
    const { administrator, account } = this.#commons;
    const content = aclFile(this.#commons.settings(), administrator);
    await writePrivateFile(join(this.folder, aclFileName), content, account);
  }

  async #writeCertificate(): Promise<void> {
    const certificate = this.#commons.certificate();
    if (!certificate) return;
    for (const part of ['cert', 'key'] as const) {
      const path = join(this.folder, certificateNames[part]);
      await writePrivateFile(path, certificate[part], this.#commons.account);
    }
  }

  /** Users and tokens as they are now. */
  async applyAccess(): Promise<void> {
    await this.#writeAccess();
    if (this.isRunning) await this.ask('ACL', 'LOAD');
  }

  async applyParameters(): Promise<void> {
    if (!this.isRunning) return;
    const { administrator } = this.#commons;
    const parameters = parametersToSet(this.#commons.settings().parameters);
    await withClient(this.folder, administrator, async (client) => {
      for (const [name, value] of parameters) await client.ask('CONFIG', 'SET', name, value);
    });
  }

  /** Becomes the primary, or a replica of another one. */
  async become(role: NodeRole): Promise<void> {
    const wasPrimary = this.#role.primary === undefined;
    this.#role = role;
    if (!this.isRunning || wasPrimary === (role.primary === undefined)) return;
    const { user, password } = this.#commons.administrator;
    await withClient(this.folder, this.#commons.administrator, async (client) => {
      await client.ask('CONFIG', 'SET', 'masteruser', user);
      await client.ask('CONFIG', 'SET', 'masterauth', password);
      const { host = 'NO', port = 'ONE' } = role.primary ?? {};
      await client.ask('REPLICAOF', host, String(port));
    });
  }

  async fact(section: string, name: string): Promise<string | undefined> {
    const text = await this.ask('INFO', section);
    return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1];
  }

  /** Waits until this replica has all that `primary` has now. */
  async catchUp(primary: RedisNode): Promise<void> {
    const wanted = Number(await primary.fact('replication', 'master_repl_offset'));
    const isThere = async () => {
      const linked = (await this.fact('replication', 'master_link_status')) === 'up';
      const reached = Number(await this.fact('replication', 'slave_repl_offset'));
      return linked && reached >= wanted ? true : undefined;
    };
    if (await eventually(isThere, { limitMs: SYNC_LIMIT_MS, everyMs: 20 })) return;
    throw new Error('a replica did not catch up with its primary');
  }

  /** Writes all data, as of one instant, to `dataFile`. */
  async save(): Promise<void> {
    await this.ask('BGSAVE');
    const isDone = async () => {
      return (await this.fact('persistence', 'rdb_bgsave_in_progress')) === '0' ? true : undefined;
    };
    await eventually(isDone, { limitMs: 600_000, everyMs: 10 });
    if ((await this.fact('persistence', 'rdb_last_bgsave_status')) === 'ok') return;
    throw new Error('the cache server could not write its data');
  }
}
