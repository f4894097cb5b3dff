// The command line of a server, and the file that it reads first.
import { account, literal } from '../client/sql.ts';
import { passwordHash } from '../client/native-password.ts';
import { administrator } from '../roles/administrator.ts';
import { complete, optionWords, type Parameters, startStatements } from './parameters.ts';

export interface ServerSettings {
  /** An empty one listens nowhere but at the socket. */
  readonly host: string;
  readonly port: number;
  readonly parameters: Parameters;
  readonly isDurable: boolean;
}

export const socketName = 'mariadb.sock';
export const pidFile = 'server.pid';
export const startFile = 'server.sql';

/** `seen` is the folder with `data` in it, as the server sees it. */
export function serverWords(seen: string, settings: ServerSettings): string[] {
  const { host, port, parameters, isDurable } = settings;
  return [
    '--no-defaults',
    ...optionWords(complete(parameters)),
    // Ours, after the customer's: the last one counts.
    `--datadir=${seen}/data`,
    `--tmpdir=${seen}/run`,
    `--socket=${seen}/run/${socketName}`,
    `--pid-file=${seen}/data/${pidFile}`,
    `--init-file=${seen}/data/${startFile}`,
    // Statements read and write files in an empty folder only, and load programs from one that nobody can write to.
    `--secure-file-priv=${seen}/files`,
    `--plugin-dir=${seen}/plugins`,
    ...(host === '' ? ['--skip-networking'] : [`--bind-address=${host}`, `--port=${port}`]),
    '--skip-name-resolve',
    '--skip-symbolic-links',
    `--ssl-cert=${seen}/data/server.crt`,
    `--ssl-key=${seen}/data/server.key`,
    // A snapshot stops the server between two writes; the kernel's own queue would go on.
    '--innodb-use-native-aio=0',
    ...(isDurable ? [] : ['--debug-no-sync']),
  ];
}

/**
 * Statements at every start. MariaDB lets whoever may make users change the administrator, so that it is made anew.
 */
export function startText(administratorPassword: string, parameters: Parameters): string {
  const ours = account(administrator, 'localhost');
  const statements = [
    "SET SESSION sql_mode = ''",
    `CREATE OR REPLACE USER ${ours} IDENTIFIED BY PASSWORD ${literal(passwordHash(administratorPassword))}`,
    `GRANT ALL PRIVILEGES ON *.* TO ${ours} WITH GRANT OPTION`,
    ...startStatements(parameters),
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}
