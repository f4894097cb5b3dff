// A stream: entries by id, and the consumer groups that read it.
import { faults } from '../resp/reply.ts';

/** Milliseconds and a number within them. */
export interface StreamId {
  readonly ms: number;
  readonly seq: number;
}

export interface StreamEntry {
  readonly id: StreamId;
  /** Field, value, field, value… */
  readonly fields: readonly string[];
}

export interface PendingEntry {
  readonly id: StreamId;
  consumer: string;
  deliveredMs: number;
  count: number;
}

export interface Consumer {
  readonly name: string;
  seenMs: number;
  activeMs: number;
}

export interface ConsumerGroup {
  readonly name: string;
  lastId: StreamId;
  entriesRead: number | null;
  /** By id as text. */
  readonly pending: Map<string, PendingEntry>;
  readonly consumers: Map<string, Consumer>;
}

export const FIRST_ID: StreamId = { ms: 0, seq: 0 };
export const MAX_PART = Number.MAX_SAFE_INTEGER;
export const LAST_ID: StreamId = { ms: MAX_PART, seq: MAX_PART };
const ENTRY_BYTES = 64;

export function compareIds(a: StreamId, b: StreamId): number {
  return a.ms - b.ms || a.seq - b.seq;
}

export function formatId({ ms, seq }: StreamId): string {
  return `${ms}-${seq}`;
}

/** `1526919030474-55`, or without the second part, which then is `seq`. */
export function streamIdOf(text: string, seq: number): StreamId {
  const match = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text);
  if (!match) throw faults.error('Invalid stream ID specified as stream command argument');
  return { ms: part(match[1]), seq: match[2] === undefined ? seq : part(match[2]) };
}

function part(text = '0'): number {
  return Math.min(Number(text), MAX_PART);
}

export function nextId({ ms, seq }: StreamId): StreamId {
  return seq >= MAX_PART ? { ms: ms + 1, seq: 0 } : { ms, seq: seq + 1 };
}

export class StreamValue {
  readonly kind = 'stream';
  bytes = 0;
  lastId = FIRST_ID;
  maxDeletedId = FIRST_ID;
  entriesAdded = 0;
  readonly groups = new Map<string, ConsumerGroup>();
  #entries: StreamEntry[] = [];

  /** A stream may be empty: unlike other collections it stays. */
  get size(): number {
    return this.#entries.length;
  }

  get first(): StreamEntry | undefined {
    return this.#entries[0];
  }

  get last(): StreamEntry | undefined {
    return this.#entries.at(-1);
  }

  entries(): readonly StreamEntry[] {
    return this.#entries;
  }

  add(entry: StreamEntry): void {
    this.#entries.push(entry);
    this.lastId = entry.id;
    this.entriesAdded++;
    this.bytes += bytesOf(entry);
  }

  /** Entries from `from` to `to`, both included. */
  range(from: StreamId, to: StreamId, count = Infinity): StreamEntry[] {
    const start = this.#indexOf(from);
    const found: StreamEntry[] = [];
    for (let at = start; at < this.#entries.length && found.length < count; at++) {
      const entry = this.#entries[at];
      if (!entry || compareIds(entry.id, to) > 0) break;
      found.push(entry);
    }
    return found;
  }

  /** As `range`, the last one first. */
  reverseRange(from: StreamId, to: StreamId, count = Infinity): StreamEntry[] {
    const found: StreamEntry[] = [];
    for (let at = this.#indexOf(nextId(to)) - 1; at >= 0 && found.length < count; at--) {
      const entry = this.#entries[at];
      if (!entry || compareIds(entry.id, from) < 0) break;
      found.push(entry);
    }
    return found;
  }

  find(id: StreamId): StreamEntry | undefined {
    const entry = this.#entries[this.#indexOf(id)];
    return entry && compareIds(entry.id, id) === 0 ? entry : undefined;
  }

  delete(id: StreamId): boolean {
    const at = this.#indexOf(id);
    const entry = this.#entries[at];
    if (!entry || compareIds(entry.id, id) !== 0) return false;
    this.#entries.splice(at, 1);
    this.bytes -= bytesOf(entry);
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = id;
    return true;
  }

  /** Drops the oldest so that at most `length` stay. Returns how many went. */
  trimToLength(length: number): number {
    return this.#dropFirst(Math.max(0, this.#entries.length - length));
  }

  /** Drops those before `id`. */
  trimBefore(id: StreamId): number {
    return this.#dropFirst(this.#indexOf(id));
  }

  #dropFirst(count: number): number {
    const gone = this.#entries.splice(0, count);
    for (const entry of gone) this.bytes -= bytesOf(entry);
    const last = gone.at(-1);
    if (last && compareIds(last.id, this.maxDeletedId) > 0) this.maxDeletedId = last.id;
    return gone.length;
  }

  /** Index of the first entry that is not before `id`. */
  #indexOf(id: StreamId): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry && compareIds(entry.id, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function bytesOf({ fields }: StreamEntry): number {
  return fields.reduce((sum, text) => sum + text.length, ENTRY_BYTES);
}
