// The roles that every RDS PostgreSQL has, and the database of its administration.
import { literal } from '../server/sql.ts';

/** The one superuser: ours, not the customer's. */
export const administrator = 'rdsadmin';

/**
 * Until 15, CREATE DATABASE makes two checkpoints, which is most of the time that a new server takes. Such templates have
 * one in stock, which gets its name when it is known.
 */
export function stockDatabase(major: number): string | undefined {
  return major < 15 ? 'rdsadmin_stock' : undefined;
}

/** Statements, one a line, for a fresh server; `secret` is the administrator's password as PostgreSQL keeps it. */
export function templateStatements(major: number, secret: string): string[] {
  const stock = stockDatabase(major);
  const monitors = [
    'pg_monitor',
    'pg_signal_backend',
    ...(major >= 15 ? ['pg_checkpoint'] : []),
    ...(major >= 16 ? ['pg_use_reserved_connections', 'pg_create_subscription'] : []),
  ];
  return [
    `ALTER ROLE ${administrator} PASSWORD ${literal(secret)}`,
    'CREATE ROLE rds_superuser NOLOGIN',
    'CREATE ROLE rds_replication NOLOGIN',
    'CREATE ROLE rds_password NOLOGIN',
    'CREATE ROLE rds_iam NOLOGIN',
    'CREATE ROLE rds_ad NOLOGIN',
    ...[...monitors, 'rds_replication', 'rds_password'].map(
      (role) => `GRANT ${role} TO rds_superuser WITH ADMIN OPTION`,
    ),
    `CREATE DATABASE rdsadmin OWNER ${administrator}`,
    ...(stock === undefined ? [] : [`CREATE DATABASE ${stock}`]),
  ];
}
