// Access key ids of sessions. As AWS does, they carry the account: prefix, 1 bit, 40 bits of account, 39 random bits.
import { alphabets } from '@pergola/kernel';

const PREFIX = 'ASIA';
const DIGITS = 16;

/** Random bytes that `newSessionKeyId` uses. */
export const KEY_ID_NOISE_BYTES = 5;

/** A new `ASIA…` id, 20 characters, from `KEY_ID_NOISE_BYTES` random bytes. */
export function newSessionKeyId(account: string, noise: Buffer): string {
  const random = BigInt(noise.readUIntBE(0, KEY_ID_NOISE_BYTES)) >> 1n;
  let bits = (1n << 79n) | (BigInt(account) << 39n) | random;
  let text = '';
  for (let digit = 0; digit < DIGITS; digit++) {
    text = alphabets.base32[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return PREFIX + text;
}

/** The account in a session's key id, or undefined when it is not one. */
export function accountOfSessionKeyId(accessKeyId: string): string | undefined {
  if (!accessKeyId.startsWith(PREFIX) || accessKeyId.length !== PREFIX.length + DIGITS) return undefined;
  let bits = 0n;
  for (const char of accessKeyId.slice(PREFIX.length)) {
    const value = alphabets.base32.indexOf(char);
    if (value < 0) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  const account = ((bits >> 39n) & ((1n << 40n) - 1n)).toString().padStart(12, '0');
  return account.length === 12 ? account : undefined;
}
