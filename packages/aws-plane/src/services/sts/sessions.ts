// Temporary credentials. A session is sealed (AES-256-GCM) into its own token, as AWS's opaque tokens hold theirs:
// nothing is stored, so sessions cost no disk, cannot fill it, and survive a restart.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { LruMap, type Random } from '@pergola/kernel';
import type { AccessKeyRecord, RoleRecord, SessionStore } from '../../ports.ts';
import type { SessionFacts } from '../../principal.ts';
import { KEY_ID_NOISE_BYTES, newSessionKeyId } from './access-key-id.ts';

export interface NewSession {
  readonly role: RoleRecord;
  readonly sessionName: string;
  readonly session: SessionFacts;
}

/** What the client gets. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

/** What is sealed. Short names: every request carries it. */
interface Sealed {
  readonly a: string;
  readonly k: string;
  readonly r: { readonly arn: string; readonly name: string; readonly id: string };
  readonly n: string;
  readonly s: SessionFacts;
}

const VERSION = 1;
const NONCE_BYTES = 12;
/** 40 characters of base64, as AWS's secrets have. */
const SECRET_BYTES = 30;
const TAG_BYTES = 16;
const HEADER = Buffer.from([VERSION]);

/** Makes sessions and opens them again. */
export class Sessions implements SessionStore {
  readonly #key: Buffer;
  readonly #random: Random;
  readonly #opened: LruMap<string, AccessKeyRecord>;

  /** Keeps the last `openedMax` sessions open, so that a busy client's token is decrypted once. */
  constructor(sealingKey: Buffer, random: Random, openedMax = 5_000) {
    this.#key = sealingKey;
    this.#random = random;
    this.#opened = new LruMap(openedMax);
  }

  issue({ role, sessionName, session }: NewSession): SessionCredentials {
    // One draw for all three: drawing costs more than the bytes.
    const drawn = this.#random.bytes(KEY_ID_NOISE_BYTES + SECRET_BYTES + NONCE_BYTES);
    const accessKeyId = newSessionKeyId(role.account, drawn);
    const secretAccessKey = drawn.toString('base64', KEY_ID_NOISE_BYTES, KEY_ID_NOISE_BYTES + SECRET_BYTES);
    const nonce = drawn.subarray(-NONCE_BYTES);
    const sealed: Sealed = {
      a: role.account,
      k: secretAccessKey,
      r: { arn: role.arn, name: role.roleName, id: role.roleId },
      n: sessionName,
      s: session,
    };
    const sessionToken = this.#seal(accessKeyId, nonce, JSON.stringify(sealed));
    return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: session.expiresAtMs };
  }

  findSession(accessKeyId: string, sessionToken: string): AccessKeyRecord | undefined {
    const known = this.#opened.get(sessionToken);
    if (known) return known.accessKeyId === accessKeyId ? known : undefined;
    const text = this.#open(accessKeyId, sessionToken);
    if (text === undefined) return undefined;
    const record = toRecord(accessKeyId, sessionToken, JSON.parse(text) as Sealed);
    this.#opened.set(sessionToken, record);
    return record;
  }

  /** The key id is bound to the token: neither is worth anything with another of its kind. */
  #seal(accessKeyId: string, nonce: Buffer, text: string): string {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(accessKeyId));
    const body = [cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([HEADER, nonce, ...body, cipher.getAuthTag()]).toString('base64');
  }

  #open(accessKeyId: string, sessionToken: string): string | undefined {
    const bytes = Buffer.from(sessionToken, 'base64');
    const bodyFrom = HEADER.length + NONCE_BYTES;
    // One token, one spelling: base64 that was decoded leniently must not pass.
    if (bytes.length <= bodyFrom + TAG_BYTES || bytes[0] !== VERSION) return undefined;
    if (bytes.toString('base64') !== sessionToken) return undefined;
    const nonce = bytes.subarray(HEADER.length, bodyFrom);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(accessKeyId)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return (
        decipher.update(bytes.subarray(bodyFrom, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      // Not sealed by us for this key: simply not one of our tokens.
      return undefined;
    }
  }
}

function toRecord(accessKeyId: string, sessionToken: string, sealed: Sealed): AccessKeyRecord {
  const { a: account, k: secretAccessKey, r: role, n: sessionName, s: session } = sealed;
  return {
    accessKeyId,
    secretAccessKey,
    account,
    active: true,
    owner: {
      kind: 'role-session',
      roleArn: role.arn,
      roleName: role.name,
      roleId: role.id,
      sessionName,
      sessionToken,
      session,
    },
  };
}
