// The parameters of each family: names, types, allowed values and defaults. Those of PostgreSQL are generated from
// pg_settings of the servers themselves (see the README).
import generated from '../generated/postgres-parameters.json' with { type: 'json' };

export interface ParameterFacts {
  readonly name: string;
  readonly dataType: 'boolean' | 'integer' | 'float' | 'string';
  /** `static` ones wait for a reboot. */
  readonly applyType: 'static' | 'dynamic';
  readonly modifiable: boolean;
  /** `0,1`, `a,b,c` or `1-100`; empty: any text. */
  readonly allowed: string;
  readonly standard: string;
}

export type ParameterTable = ReadonlyMap<string, ParameterFacts>;

type Row = readonly [
  name: string,
  dataType: string,
  applyType: string,
  modifiable: number,
  allowed: string,
  standard: string,
];

/** RDS's own, beside those of the server. */
const rdsRows: readonly Row[] = [
  ['rds.log_retention_period', 'integer', 'dynamic', 1, '1440-10080', '4320'],
  ['rds.logical_replication', 'boolean', 'static', 1, '0,1', '0'],
];

/** Only encrypted connections are let in: the default from version 15 on. */
function forceSsl(source: '14' | '17'): Row {
  return ['rds.force_ssl', 'boolean', 'dynamic', 1, '0,1', source === '14' ? '0' : '1'];
}

const MYSQL_CHARSETS = 'ascii,binary,latin1,utf8,utf8mb3,utf8mb4,utf16,utf32';

const mysqlRows: readonly Row[] = [
  ['autocommit', 'boolean', 'dynamic', 1, '0,1', '1'],
  ['back_log', 'integer', 'static', 1, '1-65535', '80'],
  ['character_set_client', 'string', 'dynamic', 1, MYSQL_CHARSETS, 'utf8mb4'],
  ['character_set_connection', 'string', 'dynamic', 1, MYSQL_CHARSETS, 'utf8mb4'],
  ['character_set_database', 'string', 'dynamic', 1, MYSQL_CHARSETS, 'utf8mb4'],
  ['character_set_results', 'string', 'dynamic', 1, MYSQL_CHARSETS, 'utf8mb4'],
  ['character_set_server', 'string', 'dynamic', 1, MYSQL_CHARSETS, 'utf8mb4'],
  ['collation_connection', 'string', 'dynamic', 1, '', ''],
  ['collation_server', 'string', 'dynamic', 1, '', ''],
  ['connect_timeout', 'integer', 'dynamic', 1, '2-31536000', '10'],
  ['event_scheduler', 'string', 'dynamic', 1, 'ON,OFF', 'OFF'],
  ['general_log', 'boolean', 'dynamic', 1, '0,1', '0'],
  ['group_concat_max_len', 'integer', 'dynamic', 1, '4-18446744073709547520', '1024'],
  ['innodb_flush_log_at_trx_commit', 'integer', 'dynamic', 1, '0-2', '1'],
  ['innodb_lock_wait_timeout', 'integer', 'dynamic', 1, '1-1073741824', '50'],
  ['innodb_print_all_deadlocks', 'boolean', 'dynamic', 1, '0,1', '0'],
  ['innodb_strict_mode', 'boolean', 'dynamic', 1, '0,1', '1'],
  ['interactive_timeout', 'integer', 'dynamic', 1, '1-31536000', '28800'],
  ['local_infile', 'boolean', 'dynamic', 1, '0,1', '1'],
  ['log_bin_trust_function_creators', 'boolean', 'dynamic', 1, '0,1', '0'],
  ['log_output', 'string', 'dynamic', 1, 'TABLE,FILE,NONE', 'TABLE'],
  ['long_query_time', 'float', 'dynamic', 1, '0-31536000', '10'],
  ['lower_case_table_names', 'integer', 'static', 1, '0,1', '0'],
  ['max_allowed_packet', 'integer', 'dynamic', 1, '1024-1073741824', '67108864'],
  ['max_connect_errors', 'integer', 'dynamic', 1, '1-9223372036854775807', '100'],
  ['max_connections', 'integer', 'dynamic', 1, '1-100000', '151'],
  ['net_read_timeout', 'integer', 'dynamic', 1, '1-31536000', '30'],
  ['net_write_timeout', 'integer', 'dynamic', 1, '1-31536000', '60'],
  ['port', 'integer', 'static', 0, '', '3306'],
  ['require_secure_transport', 'boolean', 'dynamic', 1, '0,1', '0'],
  ['slow_query_log', 'boolean', 'dynamic', 1, '0,1', '0'],
  ['sql_mode', 'string', 'dynamic', 1, '', ''],
  ['time_zone', 'string', 'dynamic', 1, '', 'UTC'],
  [
    'transaction_isolation',
    'string',
    'dynamic',
    1,
    'READ-UNCOMMITTED,READ-COMMITTED,REPEATABLE-READ,SERIALIZABLE',
    'REPEATABLE-READ',
  ],
  [
    'tx_isolation',
    'string',
    'dynamic',
    1,
    'READ-UNCOMMITTED,READ-COMMITTED,REPEATABLE-READ,SERIALIZABLE',
    'REPEATABLE-READ',
  ],
  ['wait_timeout', 'integer', 'dynamic', 1, '1-31536000', '28800'],
];

/** Families that groups may be of; those whose server is not here can be kept and shown all the same. */
const FAMILY =
  /^(?:(?:postgres|aurora-postgresql)(?<major>1[3-8])|mysql(?:5\.7|8\.0|8\.4)|mariadb(?:10\.\d{1,2}|11\.\d))$/;

const tables = new Map<string, ParameterTable>();

/** The parameters of a family by name; undefined for a family that there is not. */
export function tableOfFamily(family: string): ParameterTable | undefined {
  const match = FAMILY.exec(family);
  if (!match) return undefined;
  const major = match.groups?.['major'];
  const source = major === undefined ? 'mysql' : Number(major) < 15 ? '14' : '17';
  let table = tables.get(source);
  if (!table) tables.set(source, (table = readTable(source)));
  return table;
}

function readTable(source: '14' | '17' | 'mysql'): ParameterTable {
  const rows =
    source === 'mysql'
      ? mysqlRows
      : [...(generated[source] as unknown as readonly Row[]), ...rdsRows, forceSsl(source)];
  const facts = rows.map(
    ([name, dataType, applyType, modifiable, allowed, standard]): ParameterFacts => ({
      name,
      dataType: dataType as ParameterFacts['dataType'],
      applyType: applyType as ParameterFacts['applyType'],
      modifiable: modifiable === 1,
      allowed,
      standard,
    }),
  );
  facts.sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(facts.map((one) => [one.name, one]));
}
