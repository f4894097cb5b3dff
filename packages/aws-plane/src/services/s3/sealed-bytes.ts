// Bytes under a data key: AES-256 in counter mode, which can be read from any offset on and keeps the length. Each body
// has a nonce of its own, so that a key may serve all parts of an upload.
import { createCipheriv } from 'node:crypto';

const ALGORITHM = 'aes-256-ctr';
const BLOCK_BYTES = 16;
export const NONCE_BYTES = BLOCK_BYTES;

/** Encrypts or decrypts chunk after chunk, for in this mode both are the same. */
export type Transform = (chunk: Uint8Array) => Buffer;

/** The transform of the bytes of a body from `offset` on. `nonce` is base64. */
export function transformFrom(key: Buffer, nonce: string, offset: number): Transform {
  const cipher = createCipheriv(ALGORITHM, key, counterAt(nonce, Math.floor(offset / BLOCK_BYTES)));
  cipher.update(Buffer.alloc(offset % BLOCK_BYTES));
  return (chunk) => cipher.update(chunk);
}

function counterAt(nonce: string, block: number): Buffer {
  const first = BigInt(`0x${Buffer.from(nonce, 'base64').toString('hex')}`);
  const counter = BigInt.asUintN(BLOCK_BYTES * 8, first + BigInt(block));
  return Buffer.from(counter.toString(16).padStart(BLOCK_BYTES * 2, '0'), 'hex');
}
