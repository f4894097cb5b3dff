// Where to connect and as whom: from options, URIs, lists of settings and variables, as libpq takes them together.
import { readFileSync } from 'node:fs';
import type { Env } from '@pergola/kernel';
import { UsageError } from './command-line.ts';

export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string | undefined;
  readonly sslMode: SslMode;
  /** PEM of the CAs that are trusted; undefined when none is named. */
  readonly rootCertificates: string | undefined;
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

const variables: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  dbname: 'PGDATABASE',
  password: 'PGPASSWORD',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
};

/** Later sources win: defaults, variables, the settings inside of `dbname`, options. */
export function connectionSettings(
  options: Readonly<Record<string, string>>,
  env: Env,
  systemUser: string,
): ConnectionSettings {
  const { dbname, ...others } = options;
  const settings: Record<string, string> = {};
  for (const [name, variable] of Object.entries(variables)) {
    const value = env[variable];
    if (value) settings[name] = value;
  }
  Object.assign(settings, dbname === undefined ? {} : parseDatabase(dbname), others);
  const user = settings['user'] || systemUser;
  return {
    host: settings['hostaddr'] || settings['host'] || 'localhost',
    port: portOf(settings['port'] ?? '5432'),
    user,
    database: settings['dbname'] || user,
    password: settings['password'],
    sslMode: sslModeOf(settings['sslmode'] ?? 'prefer'),
    rootCertificates: readRoot(settings['sslrootcert']),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`invalid port number: "${text}"`);
}

function sslModeOf(text: string): SslMode {
  const sslMode = sslModes.find((mode) => mode === text);
  if (sslMode) return sslMode;
  throw new UsageError(`invalid sslmode value: "${text}"`);
}

function readRoot(path: string | undefined): string | undefined {
  if (!path || path === 'system') return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`could not read root certificate file "${path}"`);
  }
}

/** A database's name, a URI, or settings such as `host=localhost dbname='my db'`. */
function parseDatabase(text: string): Record<string, string> {
  if (/^postgres(ql)?:\/\//.test(text)) return parseUri(text);
  return text.includes('=') ? parseList(text) : { dbname: text };
}

function parseUri(text: string): Record<string, string> {
  let uri: URL;
  try {
    uri = new URL(text);
  } catch {
    throw new UsageError('invalid connection URI');
  }
  const settings: Record<string, string> = {};
  const put = (name: string, value: string) => {
    if (value !== '') settings[name] = decodeURIComponent(value);
  };
  put('user', uri.username);
  put('password', uri.password);
  put('host', uri.hostname.replace(/^\[(.*)\]$/, '$1'));
  put('port', uri.port);
  put('dbname', uri.pathname.slice(1));
  for (const [name, value] of uri.searchParams) settings[name] = value;
  return settings;
}

function parseList(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  const entry = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))\s*/y;
  while (entry.lastIndex < text.length) {
    const match = entry.exec(text);
    if (!match) throw new UsageError('invalid connection settings');
    settings[match[1] ?? ''] = (match[2] ?? match[3] ?? '').replaceAll(/\\(.)/g, '$1');
  }
  return settings;
}
