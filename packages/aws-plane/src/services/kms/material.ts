// The material of keys: made, renewed when its time has come, and what is encrypted with it.
//
// A ciphertext: 4 bytes of format, 16 of the key's id, 6 of its account, 2 of the material's number, 12 of nonce, 16 of
// tag, then as many bytes as the plaintext has. AES-256-GCM; all that stands before the nonce and the encryption context
// are authenticated with it.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { alphabets, type Random } from '@pergola/kernel';
import { faults } from './faults.ts';
import type { Material, StoredKey } from './state.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;
const ID_DIGITS = 64;
const SECRET_BYTES = 32;

export function newMaterial(random: Random, madeMs: number, cause: Material['cause']): Material {
  const secret = random.bytes(SECRET_BYTES).toString('base64');
  return { id: random.text(ID_DIGITS, alphabets.hex), secret, madeMs, cause };
}

/** When the key gets its next material by itself; undefined when it does not. */
export function nextRotationMs({ rotation, materials }: StoredKey): number | undefined {
  if (!rotation) return undefined;
  const last = Math.max(
    rotation.sinceMs,
    materials.findLast(({ cause }) => cause === 'automatic')?.madeMs ?? 0,
  );
  return last + rotation.periodDays * DAY_MS;
}

const MAGIC = Buffer.from([1, 2, 2, 0]);
const HEAD_BYTES = 28;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function seal(
  key: StoredKey,
  plaintext: Uint8Array,
  { random, context }: { readonly random: Random; readonly context: EncryptionContext | undefined },
): Buffer {
  const index = key.materials.length - 1;
  const head = headOf(key, index);
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secretOf(key, index), nonce);
  cipher.setAAD(authenticated(head, context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
}

/** Which key a ciphertext is of. Throws InvalidCiphertextException for what is none. */
export function sealedBy(ciphertext: Uint8Array): { readonly account: string; readonly id: string } {
  const bytes = Buffer.from(ciphertext);
  if (bytes.length < HEAD_BYTES + NONCE_BYTES + TAG_BYTES || !bytes.subarray(0, 4).equals(MAGIC))
    throw faults.invalidCiphertext();
  const hex = bytes.toString('hex', 4, 20);
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { account: String(bytes.readUIntBE(20, 6)).padStart(12, '0'), id };
}

/** What was sealed by `key`, and with which material. Throws InvalidCiphertextException. */
export function unseal(
  key: StoredKey,
  ciphertext: Uint8Array,
  context: EncryptionContext | undefined,
): { readonly plaintext: Buffer; readonly material: Material } {
  const bytes = Buffer.from(ciphertext);
  const head = bytes.subarray(0, HEAD_BYTES);
  const index = head.readUInt16BE(26);
  const material = key.materials[index];
  if (!material || !head.equals(headOf(key, index))) throw faults.invalidCiphertext();
  const nonce = bytes.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
  const tagEnd = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', secretOf(key, index), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(authenticated(head, context));
  decipher.setAuthTag(bytes.subarray(HEAD_BYTES + NONCE_BYTES, tagEnd));
  try {
    const plaintext = Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]);
    return { plaintext, material };
  } catch {
    throw faults.invalidCiphertext();
  }
}

function headOf({ id, account }: StoredKey, index: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.write(id.replaceAll('-', ''), 4, 'hex');
  head.writeUIntBE(Number(account), 20, 6);
  head.writeUInt16BE(index, 26);
  return head;
}

function secretOf({ materials }: StoredKey, index: number): Buffer {
  return Buffer.from(materials[index]?.secret ?? '', 'base64');
}

/** The context as bytes, in whatever order its pairs came. */
function authenticated(head: Buffer, context: EncryptionContext = {}): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([head, Buffer.from(JSON.stringify(pairs))]);
}
