// One numbered database: keys, their values and when they expire. All writing ends in `changed`, which keeps the
// books: memory, watched keys, and clients that wait.
import { faults } from '../resp/reply.ts';
import { HashValue, ListValue, SetValue } from './collections.ts';
import { SlotMap } from './slot-map.ts';
import { SortedSet } from './sorted-set.ts';
import { StreamValue } from './stream.ts';

export type Value = string | HashValue | ListValue | SetValue | SortedSet | StreamValue;
export type Kind = 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';

/** What is kept of a key beside its value. */
export interface Entry {
  value: Value;
  /** Infinity: never. */
  expiresMs: number;
  usedMs: number;
  /** How often it was used lately, for the policies that drop what is used least: 0 to 255. */
  uses: number;
  /** As last counted. */
  bytes: number;
}

/** What a keyspace tells its dataset. */
export interface KeyspaceListener {
  nowMs(): number;
  /** Memory that a key takes more (or less) than before. */
  counted(delta: number): void;
  touched(space: Keyspace, key: string): void;
  expired(space: Keyspace, key: string): void;
  /** All keys are about to go. */
  clearing(space: Keyspace): void;
}

const KEY_BYTES = 112;

export function kindOf(value: Value): Kind {
  return typeof value === 'string' ? 'string' : value.kind;
}

export class Keyspace {
  readonly index: number;
  readonly entries = new SlotMap<Entry>();
  /** Keys that expire, by when. */
  readonly volatile = new SlotMap<number>();
  readonly #listener: KeyspaceListener;
  #bytes = 0;

  constructor(index: number, listener: KeyspaceListener) {
    this.index = index;
    this.#listener = listener;
  }

  get size(): number {
    return this.entries.size;
  }

  #count(delta: number): void {
    this.#bytes += delta;
    this.#listener.counted(delta);
  }

  nowMs(): number {
    return this.#listener.nowMs();
  }

  /** The entry as it is, used or not; expired ones are gone. */
  peek(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry || entry.expiresMs === Infinity || entry.expiresMs > this.nowMs()) return entry;
    this.remove(key);
    this.#listener.expired(this, key);
    return undefined;
  }

  find(key: string): Entry | undefined {
    const entry = this.peek(key);
    if (entry) {
      entry.usedMs = this.nowMs();
      if (entry.uses < 255) entry.uses++;
    }
    return entry;
  }

  has(key: string): boolean {
    return this.peek(key) !== undefined;
  }

  string(key: string): string | undefined {
    const value = this.find(key)?.value;
    if (value === undefined || typeof value === 'string') return value;
    throw faults.wrongType();
  }

  hash(key: string): HashValue | undefined {
    return this.#typed(key, HashValue);
  }

  list(key: string): ListValue | undefined {
    return this.#typed(key, ListValue);
  }

  members(key: string): SetValue | undefined {
    return this.#typed(key, SetValue);
  }

  sorted(key: string): SortedSet | undefined {
    return this.#typed(key, SortedSet);
  }

  stream(key: string): StreamValue | undefined {
    return this.#typed(key, StreamValue);
  }

  #typed<T extends Value>(key: string, type: new () => T): T | undefined {
    const value = this.find(key)?.value;
    if (value === undefined || value instanceof type) return value;
    throw faults.wrongType();
  }

  hashToWrite(key: string): HashValue {
    return this.hash(key) ?? this.#made(key, new HashValue());
  }

  listToWrite(key: string): ListValue {
    return this.list(key) ?? this.#made(key, new ListValue());
  }

  membersToWrite(key: string): SetValue {
    return this.members(key) ?? this.#made(key, new SetValue());
  }

  sortedToWrite(key: string): SortedSet {
    return this.sorted(key) ?? this.#made(key, new SortedSet());
  }

  streamToWrite(key: string): StreamValue {
    return this.stream(key) ?? this.#made(key, new StreamValue());
  }

  #made<T extends Value>(key: string, value: T): T {
    this.#put(key, value, Infinity);
    return value;
  }

  /** Sets a key to a value, whatever it was. */
  set(key: string, value: Value, expiresMs = Infinity): void {
    this.#put(key, value, expiresMs);
    this.changed(key);
  }

  /** Replaces the value of a key and leaves its expiry. */
  replace(key: string, value: Value): void {
    const entry = this.peek(key);
    if (entry) entry.value = value;
    else this.#put(key, value, Infinity);
    this.changed(key);
  }

  #put(key: string, value: Value, expiresMs: number): void {
    const known = this.entries.get(key);
    if (known) {
      known.value = value;
      known.usedMs = this.nowMs();
      if (known.expiresMs !== expiresMs) this.#setExpiry(key, known, expiresMs);
      return;
    }
    const entry: Entry = { value, expiresMs: Infinity, usedMs: this.nowMs(), uses: 5, bytes: 0 };
    this.entries.set(key, entry);
    if (expiresMs !== Infinity) this.#setExpiry(key, entry, expiresMs);
  }

  #setExpiry(key: string, entry: Entry, expiresMs: number): void {
    entry.expiresMs = expiresMs;
    if (expiresMs === Infinity) this.volatile.delete(key);
    else this.volatile.set(key, expiresMs);
  }

  /** Infinity takes the expiry away. A time that is past deletes the key. */
  expireAt(key: string, expiresMs: number): void {
    const entry = this.peek(key);
    if (!entry) return;
    if (expiresMs <= this.nowMs()) this.remove(key);
    else {
      this.#setExpiry(key, entry, expiresMs);
      this.#listener.touched(this, key);
    }
  }

  remove(key: string): boolean {
    const entry = this.entries.get(key);
    if (!entry) return false;
    this.entries.delete(key);
    if (entry.expiresMs !== Infinity) this.volatile.delete(key);
    this.#count(-entry.bytes);
    this.#listener.touched(this, key);
    return true;
  }

  /** To be called after each change of a value. Drops collections that have become empty. */
  changed(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    const { value } = entry;
    if (typeof value !== 'string' && value.size === 0 && value.kind !== 'stream') {
      this.remove(key);
      return;
    }
    const bytes = KEY_BYTES + key.length + (typeof value === 'string' ? value.length : value.bytes);
    this.#count(bytes - entry.bytes);
    entry.bytes = bytes;
    this.#listener.touched(this, key);
  }

  clear(): void {
    this.#listener.counted(-this.#bytes);
    this.#bytes = 0;
    this.#listener.clearing(this);
    this.entries.clear();
    this.volatile.clear();
  }
}
