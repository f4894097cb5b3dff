// Which PostgreSQL servers this machine has: those of the npm packages, and the host's own.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { readEnv } from '@pergola/kernel';

/** One server's programs. */
export interface PostgresRuntime {
  readonly major: number;
  /** As RDS writes it: `14.23`. */
  readonly version: string;
  /** Folder of `postgres` and `initdb`. */
  readonly bin: string;
  /** The folder that holds `bin`, `lib` and `share`, when it is one of ours that can be moved. */
  readonly movable: string | undefined;
}

/** The majors that are published for one platform or another, see package.json. */
const packagedMajors = [14, 17];

/** The packages come first: of two with the same major the first one is meant. */
export function findRuntimes(): PostgresRuntime[] {
  const found = new Map<number, PostgresRuntime>();
  for (const runtime of [...packagedRuntimes(), ...hostRuntimes()]) {
    if (!found.has(runtime.major)) found.set(runtime.major, runtime);
  }
  return [...found.values()].sort((a, b) => a.major - b.major);
}

function packagedRuntimes(): PostgresRuntime[] {
  const require = createRequire(import.meta.url);
  return packagedMajors.flatMap((major) => {
    const name = `pergola-postgres-${major}-${process.platform}-${process.arch}`;
    try {
      // Their `exports` show one file only, `dist/index.js`.
      const home = dirname(dirname(require.resolve(name)));
      const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
      const movable = join(home, 'native');
      const bin = join(movable, 'bin');
      if (!existsSync(join(bin, 'postgres'))) return [];
      return [{ major, version: version.split('.').slice(0, 2).join('.'), bin, movable }];
    } catch {
      return []; // An optional dependency that this platform does not have.
    }
  });
}

function hostRuntimes(): PostgresRuntime[] {
  const numbered = (folder: string, toBin: (name: string) => string) =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, toBin(name))) : [];
  const folders = [
    ...numbered('/usr/lib/postgresql', (name) => `${name}/bin`),
    ...numbered('/usr', (name) => `${name}/bin`).filter((path) => path.startsWith('/usr/pgsql-')),
    ...numbered('/opt/homebrew/opt', (name) => `${name}/bin`).filter((path) => path.includes('/postgresql@')),
    ...(readEnv()['PATH'] ?? '').split(delimiter),
  ];
  return folders.flatMap((bin) => runtimeAt(bin));
}

function runtimeAt(bin: string): PostgresRuntime[] {
  if (!bin.startsWith('/') || !existsSync(join(bin, 'postgres')) || !existsSync(join(bin, 'initdb')))
    return [];
  try {
    const text = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8', timeout: 5_000 });
    const version = /\b(\d+)\.(\d+)\b/.exec(text);
    if (!version) return []; // A beta or a development build.
    return [{ major: Number(version[1]), version: version[0], bin, movable: undefined }];
  } catch {
    return []; // It does not run on this machine.
  }
}
