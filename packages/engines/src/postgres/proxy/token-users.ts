// Who logs in by token: the members of rds_iam, as they are at that moment.
import type { Client } from 'pg';
import { type Administration, openAdministration } from '../server/administration.ts';

/**
 * From 16 on a membership may give nothing but the right to grant it, which is all that the master user has of rds_iam.
 */
function membershipQuery(major: number): string {
  const has = (kind: string) => `pg_has_role(login.oid, iam.oid, '${kind}')`;
  const isMember = major >= 16 ? `(${has('USAGE')} OR ${has('SET')})` : has('MEMBER');
  return `SELECT 1 FROM pg_roles login, pg_roles iam
    WHERE login.rolname = $1 AND NOT login.rolsuper AND iam.rolname = 'rds_iam' AND ${isMember}`;
}

/** Asks the server over one connection, kept open; one that is lost is opened anew for the next question. */
export class TokenUsers implements AsyncDisposable {
  readonly #server: Administration;
  readonly #query: string;
  #client: Promise<Client> | undefined;

  constructor(server: Administration, major: number) {
    this.#server = server;
    this.#query = membershipQuery(major);
  }

  async has(user: string): Promise<boolean> {
    this.#client ??= this.#connect();
    try {
      const client = await this.#client;
      return (await client.query(this.#query, [user])).rows.length > 0;
    } catch (error) {
      await this.#forget();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#forget();
  }

  async #connect(): Promise<Client> {
    const client = await openAdministration(this.#server, 'postgres');
    client.on('error', () => {
      this.#client = undefined;
    });
    return client;
  }

  async #forget(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then((open) => open.end()).catch(() => {}); // NOTE: a connection that is lost needs no end.
  }
}
