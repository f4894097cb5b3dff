// The master user of an RDS PostgreSQL: no superuser, but all that rds_superuser may, and owner of the databases.
import { identifier, literal } from '../server/sql.ts';

/** Statements that make the master user; `secret` is its password as PostgreSQL keeps it. */
export function masterStatements(major: number, user: string, secret: string): string[] {
  const role = identifier(user);
  return [
    `CREATE ROLE ${role} LOGIN CREATEDB CREATEROLE PASSWORD ${literal(secret)} VALID UNTIL 'infinity'`,
    `GRANT rds_superuser TO ${role}`,
    // From 16 on CREATEROLE alone no longer lets a role grant others. What is granted so is neither inherited nor can it
    // be taken on, so that the master user itself keeps its password.
    ...(major >= 16 ? [`GRANT rds_iam TO ${role} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`] : []),
    `ALTER DATABASE postgres OWNER TO ${role}`,
    `ALTER DATABASE template1 OWNER TO ${role}`,
  ];
}

export function passwordStatement(user: string, secret: string): string {
  return `ALTER ROLE ${identifier(user)} PASSWORD ${literal(secret)}`;
}
