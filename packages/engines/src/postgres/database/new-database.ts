// The first statements on a database server that was made from the template.
import type { DatabaseSettings } from '../../contract.ts';
import type { PostgresContext } from '../context.ts';
import { masterStatements } from '../roles/master-user.ts';
import { stockDatabase } from '../roles/template-roles.ts';
import { administer, type Administration } from '../server/administration.ts';
import { scramSecret } from '../server/scram.ts';
import { identifier } from '../server/sql.ts';

export interface NewDatabase {
  readonly settings: DatabaseSettings;
  readonly major: number;
  readonly server: Administration;
}

/** Makes the master user and the initial database, which it owns. */
export async function prepareNewDatabase(context: PostgresContext, made: NewDatabase): Promise<void> {
  const { settings, major, server } = made;
  const { user, password } = settings.master;
  const secret = await scramSecret(password, context.random);
  await administer(server, 'postgres', async (query) => {
    await query(masterStatements(major, user, secret).join('; '));
    // Statements of their own: they cannot stand in a transaction with others.
    for (const statement of databaseStatements(major, settings)) await query(statement);
  });
}

function databaseStatements(major: number, { database, master }: DatabaseSettings): string[] {
  const stock = stockDatabase(major);
  if (database === undefined || database === 'postgres') {
    return stock === undefined ? [] : [`DROP DATABASE ${stock}`];
  }
  const [name, owner] = [identifier(database), identifier(master.user)];
  if (stock === undefined) return [`CREATE DATABASE ${name} OWNER ${owner}`];
  return [`ALTER DATABASE ${stock} RENAME TO ${name}`, `ALTER DATABASE ${name} OWNER TO ${owner}`];
}
