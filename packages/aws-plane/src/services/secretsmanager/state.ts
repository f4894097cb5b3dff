// The only file that knows the keys of Secrets Manager in the store, and the shapes kept under them.
//
//   aws/secretsmanager/<account>/<region>/secret/<name>               Secret
//   aws/secretsmanager/<account>/<region>/value/<suffix>/<version>    SealedValue
import type { Reader, Transaction } from '@pergola/store';
import { escapeKey } from '../../key-escape.ts';

export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

export interface Version {
  readonly id: string;
  readonly createdMs: number;
  /** Staging labels; without any a version is deprecated and may go. */
  readonly stages: readonly string[];
  readonly kmsKeyId: string;
  readonly accessedMs?: number | undefined;
}

export interface Secret extends Home {
  readonly name: string;
  /** Six characters at the end of the ARN, that tell a secret from an earlier one of its name. */
  readonly suffix: string;
  readonly description?: string | undefined;
  /** As the client wrote it; absent: the key of the service. */
  readonly kmsKeyId?: string | undefined;
  /** The service that the secret belongs to, e.g. `rds`. */
  readonly owner?: string | undefined;
  readonly createdMs: number;
  readonly changedMs: number;
  readonly accessedMs?: number | undefined;
  /** The secret is scheduled for deletion. */
  readonly deletion?: { readonly askedMs: number; readonly atMs: number } | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy?: string | undefined;
  /** The newest last. */
  readonly versions: readonly Version[];
}

/** A value, encrypted with a key of its own that KMS has encrypted. All in base64. */
export interface SealedValue {
  readonly kind: 'string' | 'binary';
  readonly wrappedKey: string;
  readonly nonce: string;
  readonly tag: string;
  readonly body: string;
}

const root = 'aws/secretsmanager';
const homePrefix = ({ account, region }: Home) => `${root}/${account}/${region}/`;
const secretPrefix = (home: Home) => `${homePrefix(home)}secret/`;
const valuePrefix = (secret: Secret) => `${homePrefix(secret)}value/${secret.suffix}/`;
const valueKey = (secret: Secret, versionId: string) => valuePrefix(secret) + escapeKey(versionId);

function parse<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** A secret by its name. One whose recovery window has ended is no more. */
export function findSecret(reader: Reader, home: Home, name: string, nowMs: number): Secret | undefined {
  const secret = parse<Secret>(reader.get(secretPrefix(home) + escapeKey(name))?.value);
  return secret && isGone(secret, nowMs) ? undefined : secret;
}

function isGone({ deletion }: Secret, nowMs: number): boolean {
  return deletion !== undefined && deletion.atMs <= nowMs;
}

/** In the order of their names. */
export function listSecrets(reader: Reader, home: Home, nowMs: number): Secret[] {
  return reader
    .list(secretPrefix(home))
    .map(({ value }) => JSON.parse(value) as Secret)
    .filter((secret) => !isGone(secret, nowMs));
}

export function putSecret(tx: Transaction, secret: Secret): Secret {
  tx.put(secretPrefix(secret) + escapeKey(secret.name), JSON.stringify(secret));
  return secret;
}

export function removeSecret(tx: Transaction, secret: Secret): void {
  tx.delete(secretPrefix(secret) + escapeKey(secret.name));
  for (const { key } of tx.list(valuePrefix(secret))) tx.delete(key);
}

export function findValue(reader: Reader, secret: Secret, versionId: string): SealedValue | undefined {
  return parse(reader.get(valueKey(secret, versionId))?.value);
}

export function putValue(tx: Transaction, secret: Secret, versionId: string, value: SealedValue): void {
  tx.put(valueKey(secret, versionId), JSON.stringify(value));
}

export function removeValue(tx: Transaction, secret: Secret, versionId: string): void {
  tx.delete(valueKey(secret, versionId));
}

/** Forgets the secret of this name whose recovery window has ended, so that the name is free. */
export function forgetGone(tx: Transaction, home: Home, name: string, nowMs: number): void {
  const secret = parse<Secret>(tx.get(secretPrefix(home) + escapeKey(name))?.value);
  if (secret && isGone(secret, nowMs)) removeSecret(tx, secret);
}

/** Forgets every secret whose recovery window has ended. */
export function sweepSecrets(tx: Transaction, nowMs: number): void {
  for (const { key, value } of tx.list(`${root}/`)) {
    if (key.split('/', 5)[4] !== 'secret') continue;
    const secret = JSON.parse(value) as Secret;
    if (isGone(secret, nowMs)) removeSecret(tx, secret);
  }
}
