// Parameters that customers choose: which of them are refused, and whether the server would take the others.
import { join } from 'node:path';
import { runTool } from '../../process/tool.ts';
import type { PostgresContext } from '../context.ts';
import { libraryPath, type PreparedRuntime } from '../runtime/prepared-runtime.ts';

/** Ours, because the server would stand elsewhere, run programs, or let others in. RDS lets nobody modify them either. */
const fixedParameters = new Set([
  'allow_in_place_tablespaces',
  'archive_cleanup_command',
  'archive_command',
  'archive_library',
  'archive_mode',
  'config_file',
  'data_directory',
  'dynamic_library_path',
  'external_pid_file',
  'fsync',
  'hba_file',
  'ident_file',
  'krb_server_keyfile',
  'listen_addresses',
  'local_preload_libraries',
  'log_directory',
  'log_filename',
  'port',
  'primary_conninfo',
  'recovery_end_command',
  'restore_command',
  'session_preload_libraries',
  'ssl',
  'ssl_ca_file',
  'ssl_cert_file',
  'ssl_crl_dir',
  'ssl_crl_file',
  'ssl_key_file',
  'ssl_passphrase_command',
  'unix_socket_directories',
  'unix_socket_group',
  'unix_socket_permissions',
]);

export function isFixed(name: string): boolean {
  return fixedParameters.has(name.toLowerCase());
}

/** RDS's own parameter: only encrypted connections. On by default from PostgreSQL 15 on. */
export function isTlsOnly(major: number, parameters: Readonly<Record<string, string>>): boolean {
  const value = parameters['rds.force_ssl'];
  return value === undefined ? major >= 15 : ['1', 'on', 'true'].includes(value.toLowerCase());
}

const namePattern = /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$/;
const libraries = /^[A-Za-z0-9_, "-]*$/;

/** Asks the server's own program. Rejects with its words, e.g. `invalid value for parameter "work_mem": "much"`. */
export async function checkParameters(
  context: PostgresContext,
  runtime: PreparedRuntime,
  place: { readonly data: string; readonly parameters: Readonly<Record<string, string>> },
): Promise<void> {
  const entries = Object.entries(place.parameters);
  const odd = entries.find(([name]) => !namePattern.test(name));
  if (odd) throw new Error(`unrecognized configuration parameter "${odd[0]}"`);
  const fixed = entries.find(([name]) => isFixed(name));
  if (fixed) throw new Error(`parameter "${fixed[0]}" cannot be changed`);
  const preloaded = place.parameters['shared_preload_libraries'] ?? '';
  if (!libraries.test(preloaded)) throw new Error('shared_preload_libraries takes names, not paths');
  if (entries.length === 0) return;
  const folders = [place.data, ...(runtime.links === undefined ? [] : [runtime.links])];
  await runTool({
    program: join(runtime.bin, 'postgres'),
    folders,
    account: context.account,
    variables: ([, links]) => libraryPath(runtime, links),
    words: ([path = '']) => [
      '-D',
      path,
      ...entries.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      '-C',
      'port',
    ],
  }).catch((error: unknown) => {
    throw new Error(serverWords(error), { cause: error });
  });
}

function serverWords(error: unknown): string {
  const { message } = error as Error;
  const said = /FATAL: {2}(.*)/.exec(message)?.[1];
  return said ?? message;
}
