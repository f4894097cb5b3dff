// The master user of an RDS MariaDB: all rights but SUPER, FILE and SHUTDOWN.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
import { passwordHash } from '../client/native-password.ts';
import { account, literal } from '../client/sql.ts';

const rights = [
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES',
  'CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW',
  'CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER',
].join(', ');

/** Makes it, or gives it back its password and its rights, as a change of the master password does on RDS. */
export function masterStatements(user: string, password: string): string[] {
  const name = account(user, '%');
  const secret = literal(passwordHash(password));
  return [
    `CREATE USER IF NOT EXISTS ${name} IDENTIFIED BY PASSWORD ${secret}`,
    `ALTER USER ${name} IDENTIFIED BY PASSWORD ${secret}`,
    `GRANT ${rights} ON *.* TO ${name} WITH GRANT OPTION`,
  ];
}
