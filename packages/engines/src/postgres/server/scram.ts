// Passwords as PostgreSQL keeps them (RFC 5803), so that no statement and no log ever holds one in the clear.
import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '@pergola/kernel';

const ITERATIONS = 4_096;

/** `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`. */
export async function scramSecret(password: string, random: Random): Promise<string> {
  const salt = random.bytes(16);
  const salted = await promisify(pbkdf2)(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
