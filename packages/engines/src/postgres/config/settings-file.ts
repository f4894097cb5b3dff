// postgresql.conf: what every database of ours has, what its owner has chosen, and what nobody may change.
import { isFixed } from './parameters.ts';

export interface ServerSettings {
  /** An empty one listens nowhere. */
  readonly host: string;
  readonly port: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly isDurable: boolean;
}

/** Small, because there may be many on one machine; RDS takes a quarter of the instance's memory. */
const defaults: Readonly<Record<string, string>> = {
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  min_wal_size: '16MB',
  huge_pages: 'off',
  max_replication_slots: '20',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** The socket's folder, as the server sees it from its data folder: Unix ends the paths of sockets at 107 bytes. */
export const socketFolder = '../run';

export function settingsFile(settings: ServerSettings): string {
  const { parameters, host, port, isDurable } = settings;
  const chosen = Object.entries(parameters).filter(([name]) => !isFixed(name));
  const fixed = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    ssl: 'on',
    ssl_cert_file: 'server.crt',
    ssl_key_file: 'server.key',
    ...(parameters['rds.logical_replication'] === '1' ? { wal_level: 'logical' } : {}),
    ...(isDurable ? {} : { fsync: 'off' }),
  };
  const entries = [...Object.entries(defaults), ...chosen, ...Object.entries(fixed)];
  return entries.map(([name, value]) => `${name} = ${quoted(value)}\n`).join('');
}

/** As the file's reader takes it; a line end would begin another setting. */
function quoted(value: string): string {
  if (/[\n\r\0]/.test(value)) throw new Error('the value of a parameter holds a line end');
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
