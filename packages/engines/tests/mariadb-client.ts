// The command line client of MariaDB, when this machine has it and the server.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { DatabaseEngine } from '../src/index.ts';

export const hasMariadb = ['mariadbd', 'mariadb-install-db', 'mariadb'].every((name) => {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${name}`], { env: { PATH: '/usr/sbin:/usr/bin' } });
    return true;
  } catch {
    return false;
  }
});

export interface MariadbLogin {
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** A file with the CA; encrypted and verified with it, plain without. */
  readonly caFile?: string;
}

/** Rows as lists of texts. Rejects with the client's words, which hold the server's. */
export async function mariadb(
  { place }: Pick<DatabaseEngine, 'place'>,
  statement: string,
  login: MariadbLogin = {},
): Promise<string[][]> {
  const { user = 'master', password = 'first-password', database = 'app', caFile } = login;
  const { stdout } = await promisify(execFile)(
    'mariadb',
    [
      '--no-defaults',
      '--batch',
      '--skip-column-names',
      `--host=${place.host}`,
      `--port=${place.port}`,
      `--user=${user}`,
      ...(caFile === undefined ? ['--skip-ssl'] : [`--ssl-ca=${caFile}`, '--ssl-verify-server-cert']),
      `--execute=${statement}`,
      database,
    ],
    { env: { PATH: '/usr/bin:/bin', MYSQL_PWD: password } },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}
