// The only file that knows IAM's keys in the store, and the shapes kept under them. Names are unique without
// regard to case, so keys hold them in lower case. Documents are kept as the text that was given.
import { LruMap } from '@pergola/kernel';
import type { Reader, Store, Transaction } from '@pergola/store';

/** Tags in the order in which they were set. */
export type TagMap = Readonly<Record<string, string>>;

interface Identity {
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly tags: TagMap;
  /** ARNs of attached managed policies, in the order of attachment. */
  readonly attached: readonly string[];
  /** Inline policies: name to document. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARN of the managed policy that bounds permissions. */
  readonly boundary?: string;
}

export interface StoredUser extends Identity {
  readonly name: string;
}

export interface StoredRole extends Identity {
  readonly name: string;
  readonly trust: string;
  readonly description?: string;
  readonly maxSessionDurationSeconds: number;
}

export interface PolicyVersion {
  /** `v1`, `v2`… */
  readonly id: string;
  readonly document: string;
  readonly createdAt: string;
}

export interface StoredPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly defaultVersionId: string;
  readonly versions: readonly PolicyVersion[];
  /** Number of the next version; never reused. */
  readonly nextVersion: number;
  readonly tags: TagMap;
}

export interface StoredAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly account: string;
  readonly userName: string;
  readonly active: boolean;
  readonly createdAt: string;
}

export interface StoredProvider {
  readonly arn: string;
  /** Host and path, without the scheme. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createdAt: string;
  readonly tags: TagMap;
}

/** One kind of record: where it is kept, by what. */
interface Table<T> {
  /** Prefix of the whole kind in one account. */
  prefix(account: string): string;
  key(account: string, name: string): string;
  /** Never present: carries the type. */
  readonly record?: T;
}

function table<T>(noun: string): Table<T> {
  const prefix = (account: string) => `aws/iam/${account}/${noun}/`;
  return { prefix, key: (account, name) => prefix(account) + name.toLowerCase() };
}

export const tables = {
  users: table<StoredUser>('user'),
  roles: table<StoredRole>('role'),
  /** By ARN. */
  policies: table<StoredPolicy>('policy'),
  /** By URL without the scheme; its case counts in AWS, but two that differ only by case are one host. */
  providers: table<StoredProvider>('oidc-provider'),
} as const;

/** Access keys are found without knowing their account. */
export const accessKeyPrefix = 'aws/iam/access-key/';

export function accessKeyKey(accessKeyId: string): string {
  return accessKeyPrefix + accessKeyId;
}

export function readRecord<T>(reader: Reader, at: Table<T>, account: string, name: string): T | undefined {
  const entry = reader.get(at.key(account, name));
  return entry && (JSON.parse(entry.value) as T);
}

/** All records of one kind, by name. */
export function listRecords<T>(reader: Reader, at: Table<T>, account: string): T[] {
  return reader.list(at.prefix(account)).map((entry) => JSON.parse(entry.value) as T);
}

export function writeRecord<T>(
  tx: Transaction,
  at: Table<T>,
  where: { account: string; name: string },
  record: T,
): void {
  tx.put(at.key(where.account, where.name), JSON.stringify(record));
}

export function readAccessKey(reader: Reader, accessKeyId: string): StoredAccessKey | undefined {
  const entry = reader.get(accessKeyKey(accessKeyId));
  return entry && (JSON.parse(entry.value) as StoredAccessKey);
}

export function writeAccessKey(tx: Transaction, key: StoredAccessKey): void {
  tx.put(accessKeyKey(key.accessKeyId), JSON.stringify(key));
}

/** What was derived from one revision of one record. */
interface Derived {
  readonly revision: number;
  readonly value: unknown;
}

/**
 * Records and what is compiled from them, kept while their revision stands. Reading an entry costs a few
 * microseconds; parsing it and compiling its policies is what must not be done on each call.
 */
export class RecordCache {
  readonly #store: Store;
  readonly #derived = new LruMap<string, Derived>(10_000);

  constructor(store: Store) {
    this.#store = store;
  }

  /** `derive` of the value at `key`, or undefined when there is none. */
  get<T>(key: string, derive: (value: string) => T): T | undefined {
    const entry = this.#store.get(key);
    if (!entry) return undefined;
    const known = this.#derived.get(key);
    if (known?.revision === entry.revision) return known.value as T;
    const value = derive(entry.value);
    this.#derived.set(key, { revision: entry.revision, value });
    return value;
  }
}
