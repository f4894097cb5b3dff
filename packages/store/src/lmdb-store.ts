// The store over LMDB. One writer process at a time holds the folder (the sandbox's lock sees to it).
import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { committed, eachForItself } from './commit.ts';
import { type Change, decodeEntry, encodeEntry } from './entry.ts';
import { History } from './history.ts';
import type {
  Committed,
  Durability,
  ListOptions,
  StopWatch,
  Store,
  StoreOptions,
  Transaction,
} from './store.ts';
import { BufferedTransaction, listEntries, type Tables } from './transaction.ts';

const REVISION_KEY = 'revision';
/** LMDB's own limit is 1,978 bytes; the border is checked here so that the error names the key. */
const KEY_BYTES_MAX = 1_900;

/** Opens (and creates) the store in `options.path`. */
export function openStore(options: StoreOptions): Store {
  mkdirSync(options.path, { recursive: true, mode: 0o700 });
  const { durability = 'durable', historyLimit = 20_000 } = options;
  const ephemeral = durability === 'ephemeral';
  const root = open({
    path: options.path,
    encoding: 'string',
    noSync: ephemeral,
    overlappingSync: !ephemeral,
    maxDbs: 4,
    ...eachForItself,
    compression: false,
  });
  const text = root.openDB<string, string>({ name: 'text', encoding: 'string' });
  const blobs = root.openDB<Buffer, string>({ name: 'blobs', encoding: 'binary' });
  return new LmdbStore({ root, text, blobs }, durability, historyLimit);
}

interface Databases {
  readonly root: RootDatabase;
  readonly text: Database<string, string>;
  readonly blobs: Database<Buffer, string>;
}

class LmdbStore implements Store {
  readonly durability: Durability;
  readonly #root: RootDatabase;
  readonly #text: Database<string, string>;
  readonly #blobs: Database<Buffer, string>;
  readonly #tables: Tables;
  readonly #history: History;

  constructor({ root, text, blobs }: Databases, durability: Durability, historyLimit: number) {
    this.durability = durability;
    this.#root = root;
    this.#text = text;
    this.#blobs = blobs;
    this.#tables = {
      text: (key) => text.get(key),
      textRange: (prefix, range) => rangeOf(text, prefix, range),
      blob: (key) => blobs.get(key),
    };
    this.#history = new History(this.revision(), historyLimit);
  }

  /** Read from the same snapshot as `get` and `list`, so that a list and its revision agree. */
  revision(): number {
    return Number(this.#root.get(REVISION_KEY) ?? 1);
  }

  compactedRevision(): number {
    return this.#history.oldest;
  }

  get(key: string) {
    const stored = this.#text.get(key);
    return stored === undefined ? undefined : decodeEntry(key, stored);
  }

  list(prefix: string, options: ListOptions = {}) {
    return listEntries(this.#tables, prefix, options);
  }

  count(prefix: string, after?: string): number {
    if (after === undefined || after < prefix) return this.#text.getKeysCount(boundsOf(prefix, {}));
    if (!after.startsWith(prefix)) return 0;
    const isThere = this.#text.get(after) !== undefined;
    return this.#text.getKeysCount(boundsOf(prefix, { after })) - (isThere ? 1 : 0);
  }

  blob(key: string): Buffer | undefined {
    return this.#blobs.get(key);
  }

  watch(prefix: string, after: number, onChanges: (changes: readonly Change[]) => void): StopWatch {
    return this.#history.watch(prefix, after, onChanges);
  }

  async transact<T>(work: (tx: Transaction) => T): Promise<Committed<T>> {
    let changes: Change[] = [];
    let thrown: { error: unknown } | undefined;
    let value: T | undefined;
    let revision = 0;
    const commit = this.#root.transaction(() => {
      const last = Number(this.#root.get(REVISION_KEY) ?? 1);
      const tx = new BufferedTransaction(this.#tables, last + 1);
      try {
        value = work(tx);
        changes = this.#apply(tx);
        revision = changes.length > 0 ? tx.revision : last;
      } catch (error) {
        thrown = { error };
      }
    });
    await committed(commit);
    if (thrown) throw thrown.error;
    // LMDB resolves the transactions of a batch in their order, so changes reach the history in order.
    if (changes.length > 0) this.#history.append(changes);
    return { value: value as T, revision };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root.flushed;
    await this.#root.close();
  }

  #apply(tx: BufferedTransaction): Change[] {
    const changes: Change[] = [];
    for (const key of tx.puts.keys()) {
      if (Buffer.byteLength(key) > KEY_BYTES_MAX)
        throw new RangeError(`key of over ${KEY_BYTES_MAX} bytes: ${key.slice(0, 80)}…`);
    }
    for (const [key, value] of tx.puts) {
      const entry = value === undefined ? undefined : tx.get(key);
      const stored = this.#text.get(key);
      const previous = stored === undefined ? undefined : decodeEntry(key, stored);
      if (!entry && !previous) continue;
      if (entry) void this.#text.put(key, encodeEntry(entry));
      else void this.#text.remove(key);
      changes.push({ key, revision: tx.revision, entry, previous });
    }
    for (const [key, bytes] of tx.blobPuts) {
      if (bytes) void this.#blobs.put(key, Buffer.from(bytes));
      else void this.#blobs.remove(key);
    }
    if (changes.length > 0) void this.#root.put(REVISION_KEY, String(tx.revision));
    return changes;
  }
}

function rangeOf(text: Database<string, string>, prefix: string, range: ListOptions) {
  return text
    .getRange(boundsOf(prefix, range))
    .filter(({ key }) => key.startsWith(prefix) && key !== range.after) as Iterable<{
    key: string;
    value: string;
  }>;
}

/** Includes `after` itself. */
function boundsOf(prefix: string, { after }: ListOptions): { start: string; end: string } {
  const start = after !== undefined && after >= prefix ? after : prefix;
  return { start, end: `${prefix}\u{10ffff}` };
}
