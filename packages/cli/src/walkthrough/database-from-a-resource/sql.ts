// Connections to the database, as an application of the user makes them.
import { Client } from 'pg';
import type { DatabaseScene } from './scene.ts';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

type Row = Readonly<Record<string, unknown>>;

/** Runs the statements in one connection with TLS, and gives the rows of the last. Rejects in the server's own words. */
export async function runSql(
  { names, sandbox }: DatabaseScene,
  { address, port }: Endpoint,
  password: string,
  statements: readonly string[],
): Promise<readonly Row[]> {
  const client = new Client({
    host: address,
    port,
    user: names.user,
    password,
    database: 'postgres',
    ssl: { ca: sandbox.caPem },
    connectionTimeoutMillis: 10_000,
  });
  // A server that ends says so on the idle connection; the statement under way is what tells.
  client.on('error', () => {});
  await client.connect();
  try {
    let rows: readonly Row[] = [];
    for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
