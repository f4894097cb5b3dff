// The store: a revisioned, durable, ordered key space over LMDB, with watches.
//
// Reads are synchronous and see the last commit. A transaction is a synchronous function that runs
// alone: it reads, checks, and buffers writes; if it throws, nothing is written. Its promise resolves
// when the commit is durable. One counter numbers all commits.

import type { Disposal } from '@pergola/kernel';
import type { Change, Entry } from './entry.ts';

/** What may be read, inside and outside a transaction. */
export interface Reader {
  get(key: string): Entry | undefined;
  /** Entries whose key starts with `prefix`, in byte order of the keys. */
  list(prefix: string, options?: ListOptions): Entry[];
  /** A binary value, unversioned; see `Transaction.putBlob`. */
  blob(key: string): Buffer | undefined;
}

export interface ListOptions {
  /** Only keys strictly greater than this one. */
  readonly after?: string;
  readonly limit?: number;
}

/** The write side, alive only during `transact`. */
export interface Transaction extends Reader {
  /** The revision that this transaction will have if it writes anything. */
  readonly revision: number;
  put(key: string, value: string): void;
  delete(key: string): void;
  /** Binary values (small S3 bodies). Not listed, not watched, no revision. */
  putBlob(key: string, value: Uint8Array): void;
  deleteBlob(key: string): void;
}

export interface Committed<T> {
  readonly value: T;
  /** The revision of this commit, or the current one if nothing was written. */
  readonly revision: number;
}

/** Ends a watch. Idempotent. */
export type StopWatch = () => void;

/** `durable`: a commit resolves after the disk has it. `ephemeral`: never waits for the disk. */
export type Durability = 'durable' | 'ephemeral';

export interface Store extends Reader, AsyncDisposable {
  /** What a resolved commit means, for those who keep files beside the store. */
  readonly durability: Durability;
  /** The revision of the last commit. Starts at 1. */
  revision(): number;
  /** How many keys start with `prefix`, after `after` when it is given. Much cheaper than a list. */
  count(prefix: string, after?: string): number;
  /** The oldest revision after which every change is still remembered, for `watch`. */
  compactedRevision(): number;
  /** Runs `work` alone and commits what it wrote. Rejects with what `work` throws, having written nothing. */
  transact<T>(work: (tx: Transaction) => T): Promise<Committed<T>>;
  /**
   * Calls `onChanges` with the changes under `prefix` after revision `after`, in order, each commit once.
   * Remembered changes are delivered before this returns. Throws CompactedError when `after` is forgotten.
   */
  watch(prefix: string, after: number, onChanges: (changes: readonly Change[]) => void): StopWatch;
}

/** Thrown by `watch` when changes after the wanted revision are no longer remembered. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError';
  readonly wanted: number;
  readonly oldest: number;

  constructor(wanted: number, oldest: number) {
    super(`revision ${wanted} is too old: the oldest remembered is ${oldest}`);
    this.wanted = wanted;
    this.oldest = oldest;
  }
}

export interface StoreOptions {
  /** Folder of the LMDB files; created when absent. */
  readonly path: string;
  /** Default `durable`. */
  readonly durability?: Durability;
  /** How many changes are remembered for watches, as long as their values are not longer than 64 Mi characters together. Default 20,000. */
  readonly historyLimit?: number;
  readonly disposal?: Disposal;
}
