// The engines of RDS that can run here, and the versions of each.
import type { EngineVersion } from '@pergola/engines';
import type { PlaneContext } from '../../../plane-context.ts';
import { faults } from '../faults.ts';

/** What RDS's engine is called, and which server stands behind it. */
export interface EngineFacts {
  /** `postgres`, `aurora-postgresql`… */
  readonly name: string;
  readonly server: 'postgres' | 'mysql' | 'mariadb';
  readonly description: string;
  readonly license: string;
  readonly port: number;
  /** Aurora: instances are members of a cluster and share its data. */
  readonly clustered: boolean;
  readonly logTypes: readonly string[];
  /** `postgres` of the family `postgres14`. */
  readonly familyPrefix: string;
  /** What must be installed where the server is missing. */
  readonly debianPackage: string;
}

const facts: readonly EngineFacts[] = [
  {
    name: 'postgres',
    server: 'postgres',
    description: 'PostgreSQL',
    license: 'postgresql-license',
    port: 5432,
    clustered: false,
    logTypes: ['postgresql', 'upgrade'],
    familyPrefix: 'postgres',
    debianPackage: 'postgresql',
  },
  {
    name: 'aurora-postgresql',
    server: 'postgres',
    description: 'Aurora PostgreSQL',
    license: 'postgresql-license',
    port: 5432,
    clustered: true,
    logTypes: ['postgresql'],
    familyPrefix: 'aurora-postgresql',
    debianPackage: 'postgresql',
  },
  {
    name: 'mysql',
    server: 'mysql',
    description: 'MySQL Community Edition',
    license: 'general-public-license',
    port: 3306,
    clustered: false,
    logTypes: ['audit', 'error', 'general', 'slowquery'],
    familyPrefix: 'mysql',
    debianPackage: 'mariadb-server-core',
  },
  {
    name: 'mariadb',
    server: 'mariadb',
    description: 'MariaDB Community Edition',
    license: 'general-public-license',
    port: 3306,
    clustered: false,
    logTypes: ['audit', 'error', 'general', 'slowquery'],
    familyPrefix: 'mariadb',
    debianPackage: 'mariadb-server-core',
  },
];

/** Engines that RDS has and that no server here could be. */
const foreign = /^(aurora-mysql|oracle-|sqlserver-|custom-|db2-|neptune|docdb)/;

export const engineNames: readonly string[] = facts.map(({ name }) => name);

/** The engine of that name, in any case of its letters. */
export function engineOf(name: string | undefined): EngineFacts {
  if (name === undefined || name === '') throw faults.missing('Engine');
  const wanted = name.toLowerCase();
  const found = facts.find((engine) => engine.name === wanted);
  if (found) return found;
  if (foreign.test(wanted)) throw faults.notImplemented(`The engine ${wanted}`);
  throw faults.invalidValue('Invalid DB engine');
}

/** A version that RDS offers here. */
export interface OfferedVersion {
  readonly engine: EngineFacts;
  /** `14.23` */
  readonly version: string;
  /** `14`; `10.11` for MariaDB. */
  readonly major: string;
  /** `postgres14` */
  readonly family: string;
  /** What RDS takes when no version is asked for. */
  readonly isDefault: boolean;
}

/** The oldest minor version of each major one that RDS still makes instances of. */
const oldestMinor: Readonly<Record<string, number>> = { 13: 15, 14: 10, 15: 5, 16: 2, 17: 1, 18: 1 };

function serverVersions(plane: PlaneContext, server: string): readonly EngineVersion[] {
  return (plane.engines?.versions() ?? []).filter(({ engine }) => engine === server);
}

/**
 * All versions of one engine, from the oldest. Of PostgreSQL RDS offers every minor version that it still has; the
 * server that runs is the newest of the major version, as an automatic upgrade would make it.
 */
export function versionsOf(plane: PlaneContext, engine: EngineFacts): readonly OfferedVersion[] {
  return serverVersions(plane, engine.server)
    .flatMap(({ version, isDefault }) => {
      const parts = version.split('.');
      const major = engine.server === 'postgres' ? (parts[0] ?? '') : parts.slice(0, 2).join('.');
      const family = `${engine.familyPrefix}${major}`;
      const newest = { engine, version, major, family, isDefault };
      if (engine.server !== 'postgres') return [newest];
      const last = Number(parts[1]);
      const first = Math.min(oldestMinor[major] ?? last, last);
      const older = Array.from({ length: last - first }, (_, index) => ({
        ...newest,
        version: `${major}.${first + index}`,
        isDefault: false,
      }));
      return [...older, newest];
    })
    .sort((a, b) => compareVersions(a.version, b.version));
}

export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The version that is asked for: a full one, a major one for its newest, none for the default. Throws when it is not here. */
export function chooseVersion(
  plane: PlaneContext,
  engine: EngineFacts,
  wanted: string | undefined,
): OfferedVersion {
  const all = versionsOf(plane, engine);
  const fitting =
    wanted === undefined || wanted === ''
      ? all.filter(({ isDefault }) => isDefault)
      : all.filter(({ version, major }) => version === wanted || major === wanted);
  const found = fitting.at(-1) ?? (wanted ? undefined : all.at(-1));
  if (found) return found;
  if (all.length > 0) {
    throw faults.invalidCombination(`Cannot find version ${wanted} for ${engine.name}`);
  }
  // MySQL itself is in no Debian package, and no server of another kind stands in for it.
  const help =
    engine.server === 'mysql'
      ? 'MySQL is not implemented; engine mariadb needs the Debian package mariadb-server-core'
      : `this machine has no server for it; install the Debian package ${engine.debianPackage}`;
  throw faults.invalidCombination(`Cannot find version ${wanted ?? ''} for ${engine.name}: ${help}.`);
}

/** Every parameter group family of the engines that run here. */
export function familiesOf(
  plane: PlaneContext,
): readonly { readonly family: string; readonly engine: EngineFacts; readonly major: string }[] {
  return facts.flatMap((engine) => {
    const majors = new Set(versionsOf(plane, engine).map(({ major }) => major));
    return [...majors].map((major) => ({ family: `${engine.familyPrefix}${major}`, engine, major }));
  });
}
