// Randomness and identifiers. The only file that draws random bytes.
import { randomBytes, randomUUID } from 'node:crypto';

/** Draws identifiers. Handed around like the clock, so that tests can make them repeatable. */
export interface Random {
  /** `size` random bytes. */
  bytes(size: number): Buffer;
  /** An RFC 4122 version 4 UUID, lower case. */
  uuid(): string;
  /** `length` characters drawn evenly from `alphabet` (2 to 256 characters). */
  text(length: number, alphabet: string): string;
  /** A number in [0, 1), for jitter. Not for secrets. */
  fraction(): number;
}

export const alphabets = {
  /** AWS unique ids and access keys: base32. */
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  /** Kubernetes generateName and pod-template suffixes: no vowels, nothing that looks alike. */
  kubeSuffix: 'bcdfghjklmnpqrstvwxz2456789',
  lowerAlphanumeric: 'abcdefghijklmnopqrstuvwxyz0123456789',
  alphanumeric: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  hex: '0123456789abcdef',
} as const;

/** Random from `nextBytes`; rejection sampling keeps `text` free of modulo bias. */
function randomFrom(nextBytes: (size: number) => Buffer, uuid: () => string): Random {
  return {
    bytes: nextBytes,
    uuid,
    text(length, alphabet) {
      const usable = 256 - (256 % alphabet.length);
      let text = '';
      while (text.length < length) {
        for (const byte of nextBytes(length - text.length + 8)) {
          if (byte < usable && text.length < length) text += alphabet[byte % alphabet.length];
        }
      }
      return text;
    },
    fraction: () => nextBytes(6).readUIntBE(0, 6) / 2 ** 48,
  };
}

export const systemRandom: Random = randomFrom(randomBytes, randomUUID);

/** A repeatable Random for tests (xorshift32); never for secrets. */
export function seededRandom(seed = 1): Random {
  let state = seed | 0 || 1;
  const nextBytes = (size: number) => {
    const bytes = Buffer.alloc(size);
    for (let i = 0; i < size; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[i] = state & 0xff;
    }
    return bytes;
  };
  const uuid = () => {
    const hex = nextBytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  return randomFrom(nextBytes, uuid);
}
