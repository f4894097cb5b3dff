// The only file that knows the keys of KMS in the store, and the shapes kept under them.
//
//   aws/kms/<account>/<region>/key/<id>        StoredKey, its material included: the store's files are its owner's alone
//   aws/kms/<account>/<region>/alias/<name>    StoredAlias
import type { Reader, Transaction } from '@pergola/store';
import { escapeKey } from '../../key-escape.ts';

export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** What a key encrypts with. Older ones stay, for what was encrypted with them. */
export interface Material {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** 32 bytes, in base64. */
  readonly secret: string;
  readonly madeMs: number;
  readonly cause: 'creation' | 'automatic' | 'on-demand';
}

export interface StoredKey extends Home {
  readonly id: string;
  readonly manager: 'CUSTOMER' | 'AWS';
  readonly createdMs: number;
  readonly description: string;
  readonly enabled: boolean;
  /** The key is pending deletion, until then. */
  readonly deletion?: { readonly atMs: number; readonly windowDays: number } | undefined;
  readonly policy: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly rotation?: { readonly periodDays: number; readonly sinceMs: number } | undefined;
  /** The last one encrypts. */
  readonly materials: readonly Material[];
}

export interface StoredAlias {
  /** With the prefix `alias/`. */
  readonly name: string;
  readonly keyId: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

const root = 'aws/kms';
const homePrefix = ({ account, region }: Home) => `${root}/${account}/${region}/`;
const keyPrefix = (home: Home) => `${homePrefix(home)}key/`;
const aliasPrefix = (home: Home) => `${homePrefix(home)}alias/`;

function parse<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** A key by its id. One whose time has come is no more. */
export function findKey(reader: Reader, home: Home, id: string, nowMs: number): StoredKey | undefined {
  const key = parse<StoredKey>(reader.get(keyPrefix(home) + escapeKey(id))?.value);
  return key && isGone(key, nowMs) ? undefined : key;
}

function isGone({ deletion }: StoredKey, nowMs: number): boolean {
  return deletion !== undefined && deletion.atMs <= nowMs;
}

/** In the order of their ids. */
export function listKeys(reader: Reader, home: Home, nowMs: number): StoredKey[] {
  return reader
    .list(keyPrefix(home))
    .map(({ value }) => JSON.parse(value) as StoredKey)
    .filter((key) => !isGone(key, nowMs));
}

export function putKey(tx: Transaction, key: StoredKey): StoredKey {
  tx.put(keyPrefix(key) + escapeKey(key.id), JSON.stringify(key));
  return key;
}

export function findAlias(reader: Reader, home: Home, name: string): StoredAlias | undefined {
  return parse(reader.get(aliasPrefix(home) + escapeKey(name))?.value);
}

/** In the order of their names. */
export function listAliases(reader: Reader, home: Home): StoredAlias[] {
  return reader.list(aliasPrefix(home)).map(({ value }) => JSON.parse(value) as StoredAlias);
}

export function putAlias(tx: Transaction, home: Home, alias: StoredAlias): void {
  tx.put(aliasPrefix(home) + escapeKey(alias.name), JSON.stringify(alias));
}

export function deleteAlias(tx: Transaction, home: Home, name: string): void {
  tx.delete(aliasPrefix(home) + escapeKey(name));
}

/** Forgets the keys whose time has come, with their material and their aliases. */
export function sweepKeys(tx: Transaction, nowMs: number): void {
  for (const { key: at, value } of tx.list(`${root}/`)) {
    if (at.split('/', 5)[4] !== 'key') continue;
    const key = JSON.parse(value) as StoredKey;
    if (!isGone(key, nowMs)) continue;
    tx.delete(at);
    for (const alias of listAliases(tx, key)) if (alias.keyId === key.id) deleteAlias(tx, key, alias.name);
  }
}
