// The servers of this machine by version, looked for when they are first asked for, and made ready once each.
import { EngineMissingError, type EngineVersion } from '../../contract.ts';
import type { Account } from '../../process/account.ts';
import { type PreparedRuntime, prepareRuntime } from './prepared-runtime.ts';
import { findRuntimes, type PostgresRuntime } from './runtimes.ts';

export class Runtimes {
  readonly #folder: string;
  readonly #account: Account | undefined;
  readonly #prepared = new Map<string, Promise<PreparedRuntime>>();
  #found: readonly PostgresRuntime[] | undefined;

  constructor(folder: string, account: Account | undefined) {
    this.#folder = folder;
    this.#account = account;
  }

  /** The newest one is the default. */
  versions(): readonly EngineVersion[] {
    const all = this.#all();
    return all.map(({ version }) => ({
      engine: 'postgres',
      version,
      isDefault: version === all.at(-1)?.version,
    }));
  }

  /** The one for a major version, or for a full one of which the major counts: minor versions read each other's data. */
  ready(version: string): Promise<PreparedRuntime> {
    const major = Number(version.split('.')[0]);
    const runtime = this.#all().find((candidate) => candidate.major === major);
    if (!runtime) return Promise.reject(this.#missing(version));
    const known = this.#prepared.get(runtime.version);
    if (known) return known;
    const prepared = prepareRuntime(runtime, this.#folder, this.#account);
    this.#prepared.set(runtime.version, prepared);
    prepared.catch(() => this.#prepared.delete(runtime.version));
    return prepared;
  }

  #all(): readonly PostgresRuntime[] {
    this.#found ??= findRuntimes();
    return this.#found;
  }

  #missing(version: string): EngineMissingError {
    const here = this.#all().map((runtime) => runtime.version);
    const debianPackage = `postgresql-${version.split('.')[0]}`;
    const what = here.length > 0 ? `this machine has ${here.join(', ')}` : 'this machine has none';
    return new EngineMissingError(
      `PostgreSQL ${version} cannot run here: ${what}. Run \`npm install\` without \`--omit=optional\`, or install the Debian package ${debianPackage}`,
      debianPackage,
    );
  }
}
