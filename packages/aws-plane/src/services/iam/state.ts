// The only file that knows IAM's keys in the store, and the shapes kept under them. Names are unique without
// regard to case, so keys hold them in lower case. Documents are kept as the text that was given.
import { LruMap } from '@pergola/kernel';
import type { Reader, Store, Transaction } from '@pergola/store';

/** Tags in the order in which they were set. */
export type TagMap = Readonly<Record<string, string>>;

/** What users, roles and groups have in common. */
export interface StoredIdentity {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ARNs of attached managed policies, in the order of attachment. */
  readonly attached: readonly string[];
  /** Inline policies: name to document. */
  readonly inline: Readonly<Record<string, string>>;
}

/** Identities that may act, and so may be tagged and bounded. */
export interface StoredActor extends StoredIdentity {
  readonly tags: TagMap;
  /** ARN of the managed policy that bounds permissions. */
  readonly boundary?: string;
}

export interface StoredUser extends StoredActor {
  /** Names of its groups, in the order of joining. */
  readonly groups?: readonly string[];
}

export type StoredGroup = StoredIdentity;

export interface StoredRole extends StoredActor {
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

/** What lets instances become a role. */
export interface StoredInstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: string;
  readonly roleName?: string | undefined;
  readonly tags: TagMap;
}

/** The deletion of a service-linked role; it is done when it can be asked about. */
export interface StoredDeletionTask {
  readonly id: string;
}

export interface StoredAlias {
  readonly alias: string;
}

/** The last use of an access key. Kept apart from the key, which is read on each call. */
export interface StoredKeyUse {
  readonly service: string;
  readonly region: string;
  readonly atMs: number;
}

/** One kind of record: where it is kept, by what. */
export interface Table<T> {
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
  groups: table<StoredGroup>('group'),
  /** By ARN. */
  policies: table<StoredPolicy>('policy'),
  /** By URL without the scheme; its case counts in AWS, but two that differ only by case are one host. */
  providers: table<StoredProvider>('oidc-provider'),
  instanceProfiles: table<StoredInstanceProfile>('instance-profile'),
  deletionTasks: table<StoredDeletionTask>('deletion-task'),
  /** At most one. */
  aliases: table<StoredAlias>('alias'),
} as const;

/** Access keys are found without knowing their account. */
export const accessKeyPrefix = 'aws/iam/access-key/';

const keyUsePrefix = 'aws/iam/access-key-use/';

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

/** The access keys of one user, by age. */
export function accessKeysOf(reader: Reader, account: string, userName: string): StoredAccessKey[] {
  return reader
    .list(accessKeyPrefix)
    .map((entry) => JSON.parse(entry.value) as StoredAccessKey)
    .filter((key) => key.account === account && key.userName === userName)
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

export function readAccessKey(reader: Reader, accessKeyId: string): StoredAccessKey | undefined {
  const entry = reader.get(accessKeyKey(accessKeyId));
  return entry && (JSON.parse(entry.value) as StoredAccessKey);
}

export function writeAccessKey(tx: Transaction, key: StoredAccessKey): void {
  tx.put(accessKeyKey(key.accessKeyId), JSON.stringify(key));
}

export function deleteAccessKey(tx: Transaction, accessKeyId: string): void {
  tx.delete(accessKeyKey(accessKeyId));
  tx.delete(keyUsePrefix + accessKeyId);
}

export function readKeyUse(reader: Reader, accessKeyId: string): StoredKeyUse | undefined {
  const entry = reader.get(keyUsePrefix + accessKeyId);
  return entry && (JSON.parse(entry.value) as StoredKeyUse);
}

export function writeKeyUse(tx: Transaction, accessKeyId: string, use: StoredKeyUse): void {
  tx.put(keyUsePrefix + accessKeyId, JSON.stringify(use));
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
