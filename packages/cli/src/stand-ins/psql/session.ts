// A connection to the server, and its answers in the words of psql.
import { Client, type ClientConfig, type DatabaseError, type QueryArrayResult } from 'pg';
import type { ConnectionSettings } from './connection-settings.ts';
import type { Column, Row } from './table.ts';

/** No connection; psql ends with 2. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
}

/** One statement's answer. */
export interface Answer {
  /** `CREATE TABLE`, `INSERT 0 1`. */
  readonly tag: string;
  /** Empty when it gives no rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Session {
  /** Sends a text that may hold several statements. */
  run(text: string): Promise<Answer[]>;
  close(): Promise<void>;
}

/** Opens it as `sslMode` says; `notice` gets what the server says beside its answers. */
export async function openSession(
  settings: ConnectionSettings,
  notice: (text: string) => void,
): Promise<Session> {
  const { sslMode } = settings;
  const ways = sslMode === 'disable' ? [false] : sslMode === 'allow' ? [false, true] : [true];
  if (sslMode === 'prefer') ways.push(false);
  let failure: unknown;
  for (const isEncrypted of ways) {
    const client = new Client(clientConfig(settings, isEncrypted));
    client.on('error', () => {}); // NOTE: the statement that is under way rejects with it.
    client.on('notice', (message) => notice(`${message.severity}:  ${message.message}`));
    try {
      await client.connect();
      return sessionOf(client);
    } catch (error) {
      failure ??= error;
      await client.end().catch(() => {});
      if (!mayTryOtherwise(error, sslMode)) break;
    }
  }
  throw new ConnectionFailure(connectionMessage(settings, failure as NodeJS.ErrnoException));
}

/** libpq tries without encryption when the server has none, and with it when the server insists. */
function mayTryOtherwise(error: unknown, sslMode: ConnectionSettings['sslMode']): boolean {
  const { message, code } = error as NodeJS.ErrnoException;
  return sslMode === 'prefer' ? message.includes('does not support SSL') : code === '28000';
}

function clientConfig(settings: ConnectionSettings, isEncrypted: boolean): ClientConfig {
  const { host, port, user, database, password, sslMode, rootCertificates } = settings;
  const isVerified = sslMode.startsWith('verify');
  const ssl = {
    rejectUnauthorized: isVerified,
    ...(rootCertificates === undefined ? {} : { ca: rootCertificates }),
    ...(sslMode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
  return {
    host,
    port,
    user,
    database,
    // A function is asked only when the server wants a password.
    password: () => {
      if (password === undefined) throw new Error('fe_sendauth: no password supplied');
      return password;
    },
    ssl: isEncrypted ? ssl : false,
    application_name: 'psql',
    // Values as the server writes them.
    types: { getTypeParser: () => (value: string) => value },
  };
}

function connectionMessage({ host, port }: ConnectionSettings, error: NodeJS.ErrnoException): string {
  const place = `connection to server at "${host}", port ${port} failed: `;
  if (error.code === 'ECONNREFUSED') {
    return `${place}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`;
  }
  if (error.code === 'ENOTFOUND') {
    return `could not translate host name "${host}" to address: Name or service not known`;
  }
  const severity = (error as Partial<DatabaseError>).severity;
  return `${place}${severity === undefined ? '' : `${severity}:  `}${error.message}`;
}

/** What `pg` emits beside its documented events, and keeps only the first word of. */
interface TagSource {
  on(event: 'commandComplete', hear: (message: { readonly text: string }) => void): void;
}

function sessionOf(client: Client): Session {
  let tags: string[] = [];
  (client as unknown as { connection: TagSource }).connection.on('commandComplete', ({ text }) => {
    tags.push(text);
  });
  return {
    run: async (text) => {
      tags = [];
      const given = (await client.query({ text, rowMode: 'array' })) as unknown as
        | QueryArrayResult<(string | null)[]>
        | QueryArrayResult<(string | null)[]>[];
      const results = Array.isArray(given) ? given : [given];
      return results.map((result, index) => ({
        tag: tags[index] ?? '',
        columns: result.fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })),
        rows: result.rows,
      }));
    },
    close: () => client.end(),
  };
}
