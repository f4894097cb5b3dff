// Statements of the administrator, over the server's own socket.
import type { Client } from 'pg';
import { shortPath } from '../../files/short-path.ts';
import { administrator } from '../roles/template-roles.ts';

export interface Administration {
  /** The folder of the socket. */
  readonly run: string;
  readonly port: number;
  readonly password: string;
}

/** What the statements are given: runs one and resolves with its rows. */
export type Query = (
  text: string,
  values?: readonly unknown[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Opens a connection to `database`, hands it to `work`, and closes it. */
export async function administer<T>(
  server: Administration,
  database: string,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const client = await openAdministration(server, database);
  try {
    return await work(async (text, values) => (await client.query(text, values && [...values])).rows);
  } finally {
    await client.end().catch(() => {}); // NOTE: the statement that was under way has rejected with it.
  }
}

/** A connection that the caller ends. */
export async function openAdministration(server: Administration, database: string): Promise<Client> {
  // Loaded with the first database, not with the sandbox.
  const pg = await import('pg');
  await using short = await shortPath(server.run);
  const client = new pg.Client({
    host: short.path,
    port: server.port,
    user: administrator,
    password: server.password,
    database,
    connectionTimeoutMillis: 10_000,
    application_name: administrator,
  });
  client.on('error', () => {}); // NOTE: the statement that is under way rejects with it.
  await client.connect();
  return client;
}
