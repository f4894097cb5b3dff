// Rules that the parameters of instances and clusters must hold to, in RDS's words.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
import type { EngineFacts } from '../catalogue/engines.ts';
import { isAuroraClass, isInstanceClass, SERVERLESS } from '../catalogue/classes.ts';
import { faults } from '../faults.ts';

const reservedUsers: Readonly<Record<string, ReadonlySet<string>>> = {
  postgres: new Set(['admin', 'rdsadmin', 'rdsrepladmin', 'rdstopmgr', 'rds_superuser', 'public', 'user']),
  mysql: new Set(['rdsadmin', 'mysql', 'root']),
  mariadb: new Set(['rdsadmin', 'mysql', 'root', 'mariadb.sys']),
};
const USER_CHARS: Readonly<Record<string, number>> = { postgres: 63, mysql: 16, mariadb: 16 };

export function checkMasterUser({ server }: EngineFacts, user: string | undefined): string {
  if (user === undefined || user === '') throw faults.missing('MasterUsername');
  const longest = USER_CHARS[server] ?? 16;
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(user) || user.length > longest)
    throw faults.invalidValue(
      `The parameter MasterUsername is not a valid identifier: it must begin with a letter, contain only letters, digits and underscores, and have at most ${longest} characters.`,
    );
  const lower = user.toLowerCase();
  if (reservedUsers[server]?.has(lower) || (server === 'postgres' && lower.startsWith('pg_')))
    throw faults.invalidValue(
      `MasterUsername ${user} cannot be used as it is a reserved word used by the engine`,
    );
  return user;
}

const PASSWORD_LEAST = 8;
const PASSWORD_MOST: Readonly<Record<string, number>> = { postgres: 128, mysql: 41, mariadb: 41 };

export function checkPassword({ server }: EngineFacts, password: string): string {
  const invalid = 'The parameter MasterUserPassword is not a valid password';
  if (!/^[\x21-\x7e]*$/.test(password) || /["/@]/.test(password))
    throw faults.invalidValue(
      `${invalid}. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`,
    );
  if (password.length < PASSWORD_LEAST)
    throw faults.invalidValue(`${invalid} because it is shorter than ${PASSWORD_LEAST} characters.`);
  const longest = PASSWORD_MOST[server] ?? 41;
  if (password.length > longest)
    throw faults.invalidValue(`${invalid} because it is longer than ${longest} characters.`);
  return password;
}

const reservedDatabases: Readonly<Record<string, readonly string[]>> = {
  postgres: ['db', 'rdsadmin', 'template0', 'template1'],
  mysql: ['mysql', 'information_schema', 'performance_schema', 'sys', 'innodb'],
  mariadb: ['mysql', 'information_schema', 'performance_schema', 'sys', 'innodb'],
};

export function checkDatabaseName(
  { server }: EngineFacts,
  name: string | undefined,
  member: string,
): string | undefined {
  if (name === undefined || name === '') return undefined;
  const pattern = server === 'postgres' ? /^[a-zA-Z][a-zA-Z0-9_]{0,62}$/ : /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;
  if (!pattern.test(name))
    throw faults.invalidValue(`${member} must begin with a letter and contain only alphanumeric characters.`);
  if (reservedDatabases[server]?.includes(name.toLowerCase()))
    throw faults.invalidValue(`${member} ${name} cannot be used as it is a reserved word for this engine`);
  return name;
}

export function checkClass(engine: EngineFacts, version: string, name: string | undefined): string {
  if (name === undefined || name === '') throw faults.missing('DBInstanceClass');
  if (!isInstanceClass(name)) throw faults.invalidValue(`Invalid DB Instance class: ${name}`);
  if (engine.clustered ? isAuroraClass(name) : name !== SERVERLESS) return name;
  throw faults.invalidCombination(
    `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${name}, Engine=${engine.name}, EngineVersion=${version}, LicenseModel=${engine.license}. For supported combinations of instance class and database engine version, see the documentation.`,
  );
}

/** Login tokens are checked in front of PostgreSQL only. */
export function checkTokenLogin({ name, server }: EngineFacts, wanted: boolean | undefined): boolean {
  if (wanted && server !== 'postgres') throw faults.notImplemented(`IAM database authentication for ${name}`);
  return wanted ?? false;
}

const PORT_LEAST = 1150;
const PORT_MOST = 65_535;

export function checkPort(port: number): number {
  if (Number.isInteger(port) && port >= PORT_LEAST && port <= PORT_MOST) return port;
  throw faults.invalidValue(`Invalid value ${port} for Port. Must be between ${PORT_LEAST} and ${PORT_MOST}`);
}

const BACKUP_DAYS_MOST = 35;

export function checkBackupDays(days: number, least: number): number {
  if (Number.isInteger(days) && days >= least && days <= BACKUP_DAYS_MOST) return days;
  throw faults.invalidValue(
    `Invalid backup retention period: ${days}. Must be between ${least} and ${BACKUP_DAYS_MOST}.`,
  );
}

const MINUTES_LEAST = 30;
const DAY_MINUTES = 1_440;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `05:00-05:30`; at least half an hour. */
export function checkBackupWindow(text: string): string {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!match)
    throw faults.invalidValue(
      `Invalid backup window format: ${text}. Should be specified as a range hh24:mi-hh24:mi (24H Clock UTC).`,
    );
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number);
  const minutes = (toHour * 60 + toMinute - fromHour * 60 - fromMinute + DAY_MINUTES) % DAY_MINUTES;
  if (minutes < MINUTES_LEAST) throw faults.invalidValue('The backup window must be at least 30 minutes.');
  return text;
}

/** `sun:06:00-sun:06:30`, in lower case. */
export function checkMaintenanceWindow(text: string): string {
  const window = readMaintenanceWindow(text);
  if (!window)
    throw faults.invalidValue(
      `Invalid maintenance window format: ${text}. Should be specified as a range ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC).`,
    );
  if (window.minutes < MINUTES_LEAST)
    throw faults.invalidValue('The maintenance window must be at least 30 minutes.');
  if (window.minutes >= DAY_MINUTES)
    throw faults.invalidValue('Maintenance window must be less than 24 hours.');
  return text.toLowerCase();
}

/** When a window begins, in minutes from Monday 00:00 UTC, and how long it is. */
export function readMaintenanceWindow(
  text: string,
): { readonly start: number; readonly minutes: number } | undefined {
  const match = /^([a-z]{3}):([01]\d|2[0-3]):([0-5]\d)-([a-z]{3}):([01]\d|2[0-3]):([0-5]\d)$/i.exec(text);
  if (!match) return undefined;
  const minute = (day = '', hour = '', rest = '') =>
    DAYS.indexOf(day.toLowerCase()) * DAY_MINUTES + Number(hour) * 60 + Number(rest);
  const start = minute(match[1], match[2], match[3]);
  const end = minute(match[4], match[5], match[6]);
  if (start < 0 || end < 0) return undefined;
  const week = 7 * DAY_MINUTES;
  return { start, minutes: (end - start + week) % week };
}

const INTERVALS = [0, 1, 5, 10, 15, 30, 60];

export function checkMonitoring(seconds: number, role: string | undefined): void {
  if (!INTERVALS.includes(seconds))
    throw faults.invalidValue(
      `Invalid MonitoringInterval: ${seconds}. Valid values: ${INTERVALS.join(', ')}`,
    );
  if (seconds > 0 && !role)
    throw faults.invalidCombination(
      'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
    );
}

export function checkLogTypes(
  engine: EngineFacts,
  version: string,
  types: readonly string[],
): readonly string[] {
  const unknown = types.find((type) => !engine.logTypes.includes(type));
  if (unknown === undefined) return [...new Set(types)];
  throw faults.invalidCombination(
    `You cannot use the log types '${unknown}' with engine version ${engine.name} ${version}. For more information, see the documentation.`,
  );
}

export interface Storage {
  readonly storageGb: number;
  readonly maxStorageGb: number | undefined;
  readonly storageType: string;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
}

const leastGb: Readonly<Record<string, number>> = { gp2: 20, gp3: 20, io1: 100, io2: 100, standard: 5 };
const STORAGE_MOST = 65_536;
/** Below it, gp3 has fixed rates. */
const GP3_RATES_FROM_GB = 400;

/** Sizes, types and rates must fit each other. Gives them with what RDS fills in. */
export function checkStorage(engine: EngineFacts, storage: Storage): Storage {
  const { storageGb, storageType, maxStorageGb } = storage;
  const least = leastGb[storageType];
  if (least === undefined) throw faults.invalidValue(`Invalid storage type: ${storageType}`);
  const words = `for engine name ${engine.name} and storage type ${storageType}`;
  if (storageGb < least || storageGb > STORAGE_MOST)
    throw faults.invalidValue(`Invalid storage size ${words}: ${storageGb}`);
  if (maxStorageGb !== undefined && (maxStorageGb < storageGb || maxStorageGb > STORAGE_MOST))
    throw faults.invalidValue(`Invalid max storage size ${words}: ${maxStorageGb}`);
  return withRates(engine, storage);
}

function withRates(engine: EngineFacts, storage: Storage): Storage {
  const { storageType, iops, throughput } = storage;
  if (storageType === 'gp3') return withGp3Rates(engine, storage);
  if (throughput !== undefined && throughput > 0)
    throw faults.invalidCombination(
      `Storage throughput can't be specified for the storage type ${storageType}.`,
    );
  const provisioned = storageType === 'io1' || storageType === 'io2';
  if (provisioned && iops === undefined)
    throw faults.invalidCombination(`The storage type ${storageType} requires the parameter Iops.`);
  if (!provisioned && iops !== undefined && iops > 0)
    throw faults.invalidCombination(`IOPS can't be specified for the storage type ${storageType}.`);
  return { ...storage, iops: provisioned ? iops : undefined, throughput: undefined };
}

const GP3_SMALL = { iops: 3_000, throughput: 125 };
const GP3_LARGE = { iops: 12_000, throughput: 500 };

function withGp3Rates(engine: EngineFacts, storage: Storage): Storage {
  const { storageGb, iops, throughput } = storage;
  if (storageGb >= GP3_RATES_FROM_GB)
    return {
      ...storage,
      iops: iops ?? GP3_LARGE.iops,
      throughput: throughput ?? GP3_LARGE.throughput,
    };
  const standard =
    (iops ?? GP3_SMALL.iops) === GP3_SMALL.iops &&
    (throughput ?? GP3_SMALL.throughput) === GP3_SMALL.throughput;
  if (standard) return { ...storage, ...GP3_SMALL };
  throw faults.invalidCombination(
    `You can't specify IOPS or storage throughput for engine ${engine.name} and a storage size less than ${GP3_RATES_FROM_GB}.`,
  );
}
