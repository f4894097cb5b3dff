// Which cache servers this machine has. They come from its own folders or not at all.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CacheSettings, EngineMissingError } from '../../contract.ts';

type Engine = CacheSettings['engine'];

/** Never the user's PATH: what stands there is not asked to run as anybody. */
const folders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

interface Program {
  readonly name: string;
  readonly debianPackage: string;
  /** Older ones lack what is relied on: rules for single subcommands, addresses that change, TLS. */
  readonly least: readonly [number, number];
  readonly version: RegExp;
}

const programs: Readonly<Record<Engine, Program>> = {
  redis: { name: 'redis-server', debianPackage: 'redis-server', least: [7, 0], version: /\bv=(\d+)\.(\d+)/ },
  valkey: {
    name: 'valkey-server',
    debianPackage: 'valkey-server',
    least: [7, 2],
    version: /\bv=(\d+)\.(\d+)/,
  },
  memcached: { name: 'memcached', debianPackage: 'memcached', least: [1, 5], version: /\b(\d+)\.(\d+)/ },
};

export function hasProgram(engine: Engine): boolean {
  return find(programs[engine].name) !== undefined;
}

/** The path of the server; throws an EngineMissingError that says what to install. */
export function programFor(engine: Engine): string {
  const { name, debianPackage, least, version } = programs[engine];
  const path = find(name);
  const wanted = `${engine} ${least.join('.')} or later cannot run here`;
  if (path === undefined) {
    throw new EngineMissingError(
      `${wanted}: this machine has no ${name}. Install the Debian package ${debianPackage}`,
      debianPackage,
    );
  }
  const said = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 5_000, env: {} });
  const [, major = 0, minor = 0] = (version.exec(said) ?? []).map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return path;
  throw new EngineMissingError(`${wanted}: ${path} is ${major}.${minor}`, debianPackage);
}

function find(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
