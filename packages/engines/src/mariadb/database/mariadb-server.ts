// How the server of one database is set up and begun, and how our own statements reach it.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { DatabaseSettings, EnginePlace } from '../../contract.ts';
import { certifyServer } from '../../database/certificate.ts';
import { type DatabaseFiles, type DatabaseRecord, makeServerFolder } from '../../database/database-files.ts';
import { writePrivateFile } from '../../files/private-file.ts';
import { shortPath } from '../../files/short-path.ts';
import { eventually } from '../../process/eventually.ts';
import { clearLeftOver } from '../../process/left-over.ts';
import { type ServerProcess, startServerProcess } from '../../process/server-process.ts';
import type { SupervisedRun } from '../../process/supervisor.ts';
import { Connection } from '../client/connection.ts';
import { pidFile, serverWords, socketName, startFile, startText } from '../config/options.ts';
import type { Parameters } from '../config/parameters.ts';
import { confined } from '../confined.ts';
import type { MariadbContext } from '../context.ts';
import { administrator } from '../roles/administrator.ts';
import type { MariadbRuntime } from '../runtime.ts';

export interface MariadbParts {
  readonly context: MariadbContext;
  readonly runtime: MariadbRuntime;
  readonly files: DatabaseFiles;
  readonly record: DatabaseRecord;
  readonly settings: DatabaseSettings;
  /** Where it may listen. */
  readonly place: EnginePlace;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** The caller lets no two of its calls overlap. */
export class MariadbServer {
  readonly #parts: MariadbParts;
  readonly #logger: Logger;
  #place: EnginePlace;
  #running: { readonly process: ServerProcess; readonly parameters: Parameters } | undefined;
  /** The port that is wanted. */
  port: number;
  /** Those that are wanted; `started` tells those of the running server's command line. */
  parameters: Parameters;

  constructor(parts: MariadbParts, logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
    this.#place = parts.place;
    this.port = parts.settings.port;
    this.parameters = parts.settings.parameters;
  }

  get place(): EnginePlace {
    return this.#place;
  }

  get started(): Parameters {
    return this.#running?.parameters ?? {};
  }

  get process(): ServerProcess | undefined {
    return this.#running?.process;
  }

  async begin(): Promise<SupervisedRun> {
    await this.reservePlace();
    return await this.#start(this.#place.host);
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
    const { context, settings } = this.#parts;
    this.#place = await context.places.reserve(placeOwner(settings.id), this.port);
  }

  async releasePlace(): Promise<void> {
    const { context, settings } = this.#parts;
    await context.places.release(placeOwner(settings.id));
  }

  /** A connection of the administrator's, which the caller closes. */
  async administration(): Promise<Connection> {
    const { context, files } = this.#parts;
    await using short = await shortPath(files.run);
    const path = join(short.path, socketName);
    return await Connection.open({ path, user: administrator, password: context.administratorPassword });
  }

  async #start(host: string): Promise<SupervisedRun> {
    const { context, runtime, files } = this.#parts;
    const { parameters } = this;
    await this.#prepare();
    const spec = confined({ home: files.home, account: context.account }, runtime.server, (seen) =>
      serverWords(seen, {
        host,
        port: this.#place.port,
        parameters,
        isDurable: context.durability === 'durable',
      }),
    );
    const server = await startServerProcess({ ...spec, abortSignal: 'KILL' }, this.#logger);
    const stop = () => end(server, ['SIGTERM', 'SIGKILL']);
    if (!(await this.#isReady(server))) {
      await end(server, ['SIGKILL']);
      throw new Error(`MariaDB ${runtime.version} did not start: ${complaint(server.lastWords())}`);
    }
    this.#running = { process: server, parameters };
    return { process: server, stop };
  }

  async #prepare(): Promise<void> {
    const { context, files } = this.#parts;
    const { account, administratorPassword } = context;
    await clearLeftOver(files.data, pidFile);
    for (const folder of [files.run, join(files.home, 'files')]) await makeServerFolder(folder, account);
    await mkdir(join(files.home, 'plugins'), { recursive: true, mode: 0o755 });
    // A socket of an earlier server would be taken for that of this one.
    await rm(join(files.run, socketName), { force: true });
    await certifyServer(context, files, this.#place.host);
    const text = startText(administratorPassword, this.parameters);
    await writePrivateFile(join(files.data, startFile), text, account);
  }

  /** False when it has ended, or takes too long. */
  async #isReady(server: ServerProcess): Promise<boolean> {
    const outcome = await eventually(
      async () => {
        if (server.hasEnded) return 'ended';
        try {
          await using _connection = await this.administration();
          return 'ready';
        } catch {
          return undefined; // It does not listen yet, or is still making the administrator.
        }
      },
      { limitMs: START_LIMIT_MS, everyMs: 5 },
    );
    return outcome === 'ready';
  }
}

/** The name under which a database's place is kept. */
export function placeOwner(id: string): string {
  return `mariadb/${id}`;
}

async function end(server: ServerProcess, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const signal of signals) {
    if (server.hasEnded) return;
    server.signal(signal);
    await eventually(async () => (server.hasEnded ? true : undefined), {
      limitMs: STOP_LIMIT_MS,
      everyMs: 4,
    });
  }
}

/** The lines that say what is wrong, or the last ones. */
function complaint(words: string): string {
  const lines = words.split('\n');
  const told = lines.filter((line) => /ERROR|mount:|unshare:|setpriv:|error while loading/.test(line));
  return (told.length > 0 ? told : lines).slice(-4).join('; ') || 'it said nothing';
}
