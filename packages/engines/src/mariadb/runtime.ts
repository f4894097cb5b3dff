// Which MariaDB server this machine has. There are no packages of it on npm: it is the host's own or none.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineMissingError } from '../contract.ts';

export interface MariadbRuntime {
  /** As RDS writes it: `10.11.18`. */
  readonly version: string;
  /** `10.11`; servers read the data of their own series. */
  readonly series: string;
  readonly server: string;
  /** Makes the tables of a new data folder. */
  readonly installer: string;
}

/** Never the user's PATH: what stands there is not asked to run as anybody. */
const folders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

const debianPackage = 'mariadb-server-core';

export function findMariadb(): MariadbRuntime | undefined {
  const server = find('mariadbd');
  const installer = find('mariadb-install-db');
  if (server === undefined || installer === undefined) return undefined;
  try {
    const text = execFileSync(server, ['--no-defaults', '--version'], { encoding: 'utf8', timeout: 5_000 });
    const version = /\b(\d+\.\d+)\.\d+(?=-MariaDB)/.exec(text);
    if (!version) return undefined;
    return { version: version[0], series: version[1] ?? '', server, installer };
  } catch {
    return undefined; // It does not run on this machine.
  }
}

/** Why there is no server for that version. */
export function mariadbMissing(version: string, here: MariadbRuntime | undefined): EngineMissingError {
  const what = here ? `this machine has ${here.version}` : 'this machine has none';
  return new EngineMissingError(
    `MariaDB ${version} cannot run here: ${what}. Install the Debian package ${debianPackage}`,
    debianPackage,
  );
}

function find(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
