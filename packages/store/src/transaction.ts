// A transaction's buffer: reads see its own writes, nothing reaches the disk until it has returned.
import { decodeEntry, type Entry } from './entry.ts';
import type { ListOptions, Transaction } from './store.ts';

/** The two key spaces of an open environment, as far as a transaction needs them. */
export interface Tables {
  text(key: string): string | undefined;
  textRange(prefix: string, options: ListOptions): Iterable<{ key: string; value: string }>;
  blob(key: string): Buffer | undefined;
}

/** Writes wait in `puts` (undefined = deletion) until the store applies them. */
export class BufferedTransaction implements Transaction {
  readonly revision: number;
  readonly puts = new Map<string, string | undefined>();
  readonly blobPuts = new Map<string, Uint8Array | undefined>();
  readonly #tables: Tables;

  constructor(tables: Tables, revision: number) {
    this.#tables = tables;
    this.revision = revision;
  }

  get(key: string): Entry | undefined {
    const stored = this.#tables.text(key);
    const committed = stored === undefined ? undefined : decodeEntry(key, stored);
    if (!this.puts.has(key)) return committed;
    const value = this.puts.get(key);
    if (value === undefined) return undefined;
    return {
      key,
      value,
      revision: this.revision,
      createRevision: committed?.createRevision ?? this.revision,
    };
  }

  list(prefix: string, options: ListOptions = {}): Entry[] {
    if (this.puts.size === 0) return listEntries(this.#tables, prefix, options);
    const { after, limit = Infinity } = options;
    const own = [...this.puts.keys()].filter(
      (key) => key.startsWith(prefix) && (after === undefined || byBytes(key, after) > 0),
    );
    // Each of its own writes can take at most one committed entry away.
    const committed = listEntries(this.#tables, prefix, { ...options, limit: limit + own.length });
    const keys = new Set([...committed.map((entry) => entry.key), ...own]);
    const entries = [...keys].sort(byBytes).flatMap((key) => this.get(key) ?? []);
    return entries.slice(0, options.limit ?? entries.length);
  }

  blob(key: string): Buffer | undefined {
    if (!this.blobPuts.has(key)) return this.#tables.blob(key);
    const value = this.blobPuts.get(key);
    return value === undefined ? undefined : Buffer.from(value);
  }

  put(key: string, value: string): void {
    this.puts.set(key, value);
  }

  delete(key: string): void {
    this.puts.set(key, undefined);
  }

  putBlob(key: string, value: Uint8Array): void {
    this.blobPuts.set(key, value);
  }

  deleteBlob(key: string): void {
    this.blobPuts.set(key, undefined);
  }
}

/** Committed entries under `prefix`, in order. */
export function listEntries(tables: Tables, prefix: string, options: ListOptions): Entry[] {
  const entries: Entry[] = [];
  const limit = options.limit ?? Infinity;
  if (limit <= 0) return entries;
  for (const { key, value } of tables.textRange(prefix, options)) {
    entries.push(decodeEntry(key, value));
    if (entries.length >= limit) break;
  }
  return entries;
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
