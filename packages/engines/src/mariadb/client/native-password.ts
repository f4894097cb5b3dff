// MariaDB's passwords (the plugin `mysql_native_password`): as the server keeps them, and as a client proves them.
// https://mariadb.com/kb/en/authentication-plugin-mysql_native_password/
import { createHash } from 'node:crypto';

const sha1 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** `*` and 40 hex digits, so that no statement and no log ever holds a password in the clear. */
export function passwordHash(password: string): string {
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
}

/** What a client answers to the server's 20 random bytes. */
export function passwordProof(password: string, scramble: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  const once = sha1(password);
  const mask = sha1(scramble, sha1(once));
  return Buffer.from(once.map((byte, at) => byte ^ (mask[at] ?? 0)));
}
