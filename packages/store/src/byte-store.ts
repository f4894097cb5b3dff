// A plain ordered space of bytes over LMDB: no revisions, no watches, for data that is too much for either. What it
// promises is what the store promises: transactions run alone, whole or not at all, and are durable when they resolve.
import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase, type Transaction } from 'lmdb';
import { committed, eachForItself } from './commit.ts';
import type { Durability } from './store.ts';

/** Keys of at most 1,978 bytes. */
const KEY_BYTES_MAX = 1_978;

export interface ByteEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Keys from `from`, included, up to `to`, excluded. */
export interface ByteRange {
  readonly from: Buffer;
  readonly to: Buffer;
  /** From the last key to the first. */
  readonly reverse?: boolean | undefined;
  readonly limit?: number | undefined;
}

export interface ByteReader {
  get(key: Buffer): Buffer | undefined;
}

/** Writes are seen by `get` at once, and reach the disk when the work has returned. */
export interface ByteTransaction extends ByteReader {
  put(key: Buffer, value: Buffer): void;
  delete(key: Buffer): void;
}

export interface ByteStore extends ByteReader, AsyncDisposable {
  /** In byte order of the keys; read while it is walked, which must be done in one turn of the event loop. */
  range(range: ByteRange): Iterable<ByteEntry>;
  /** Keys in a range, which costs less than walking it. */
  count(range: ByteRange): number;
  /** The data as they are now, whatever is written later. Give it back soon: it keeps old pages from being used again. */
  snapshot(): ByteSnapshot;
  /** Runs `work` alone and commits what it wrote; rejects with what it throws, having written nothing. */
  transact<T>(work: (tx: ByteTransaction) => T): Promise<T>;
}

export interface ByteSnapshot {
  range(range: ByteRange): Iterable<ByteEntry>;
  release(): void;
}

export interface ByteStoreOptions {
  /** Folder of the LMDB files; created when absent. */
  readonly path: string;
  readonly durability: Durability;
}

/** Opens (and creates) the store in `options.path`. One process at a time. */
export function openByteStore({ path, durability }: ByteStoreOptions): ByteStore {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const ephemeral = durability === 'ephemeral';
  const root = open({
    path,
    encoding: 'string',
    noSync: ephemeral,
    overlappingSync: !ephemeral,
    maxDbs: 1,
    ...eachForItself,
    compression: false,
  });
  const bytes = root.openDB<Buffer, Buffer>({ name: 'bytes', keyEncoding: 'binary', encoding: 'binary' });
  return new LmdbBytes(root, bytes);
}

class LmdbBytes implements ByteStore {
  readonly #root: RootDatabase;
  readonly #bytes: Database<Buffer, Buffer>;

  constructor(root: RootDatabase, bytes: Database<Buffer, Buffer>) {
    this.#root = root;
    this.#bytes = bytes;
  }

  get(key: Buffer): Buffer | undefined {
    return this.#bytes.get(key);
  }

  range({ from, to, reverse = false, limit = Number.POSITIVE_INFINITY }: ByteRange): Iterable<ByteEntry> {
    return reverse
      ? backward(this.#bytes, { from, to }, limit)
      : forward({ bytes: this.#bytes }, { from, to }, limit);
  }

  snapshot(): ByteSnapshot {
    const transaction = this.#bytes.useReadTransaction();
    const source = { bytes: this.#bytes, transaction };
    return {
      range: ({ from, to, limit = Number.POSITIVE_INFINITY }) => forward(source, { from, to }, limit),
      release: () => transaction.done(),
    };
  }

  count({ from, to }: ByteRange): number {
    return this.#bytes.getKeysCount({ start: from, end: to });
  }

  async transact<T>(work: (tx: ByteTransaction) => T): Promise<T> {
    let thrown: { error: unknown } | undefined;
    let value: T | undefined;
    const commit = this.#root.transaction(() => {
      const tx = new Buffered(this.#bytes);
      try {
        value = work(tx);
      } catch (error) {
        thrown = { error };
        return;
      }
      tx.apply();
    });
    await committed(commit);
    if (thrown) throw thrown.error;
    return value as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root.flushed;
    await this.#root.close();
  }
}

type Bounds = Pick<ByteRange, 'from' | 'to'>;

interface ForwardSource {
  readonly bytes: Database<Buffer, Buffer>;
  readonly transaction?: Transaction;
}

function* forward(
  { bytes, transaction }: ForwardSource,
  { from, to }: Bounds,
  limit: number,
): Generator<ByteEntry> {
  let left = limit;
  if (left <= 0) return;
  for (const entry of bytes.getRange({ start: from, end: to, ...(transaction && { transaction }) })) {
    yield entry;
    if (--left <= 0) return;
  }
}

/** LMDB walks back from a start that it includes, to an end that it excludes: both are looked at here instead. */
function* backward(
  bytes: Database<Buffer, Buffer>,
  { from, to }: Bounds,
  limit: number,
): Generator<ByteEntry> {
  let left = limit;
  if (left <= 0) return;
  for (const entry of bytes.getRange({ start: to, reverse: true })) {
    if (entry.key.compare(to) >= 0) continue;
    if (entry.key.compare(from) < 0) return;
    yield entry;
    if (--left <= 0) return;
  }
}

interface Write {
  readonly key: Buffer;
  readonly value: Buffer | undefined;
}

class Buffered implements ByteTransaction {
  readonly #bytes: Database<Buffer, Buffer>;
  readonly #writes = new Map<string, Write>();

  constructor(bytes: Database<Buffer, Buffer>) {
    this.#bytes = bytes;
  }

  get(key: Buffer): Buffer | undefined {
    const write = this.#writes.size === 0 ? undefined : this.#writes.get(key.toString('latin1'));
    return write ? write.value : this.#bytes.get(key);
  }

  put(key: Buffer, value: Buffer): void {
    if (key.length > KEY_BYTES_MAX) throw new RangeError(`a key of over ${KEY_BYTES_MAX} bytes`);
    this.#writes.set(key.toString('latin1'), { key, value });
  }

  delete(key: Buffer): void {
    this.#writes.set(key.toString('latin1'), { key, value: undefined });
  }

  apply(): void {
    for (const { key, value } of this.#writes.values()) {
      if (value) void this.#bytes.put(key, value);
      else void this.#bytes.remove(key);
    }
  }
}
