// The data of one shard: its databases, who watches and who waits for their keys, and what they take of memory.
import { Keyspace, type KeyspaceListener } from './keyspace.ts';

/** Told when a key that it watches has changed. */
export interface Watcher {
  dirty: boolean;
}

/** A client that waits for keys. */
export interface Waiter {
  readonly space: Keyspace;
  readonly keys: readonly string[];
  /** Tries again; true when it got something, or gave up. */
  attempt(): boolean;
}

/** Volatile keys that one round of expiry looks at. */
const EXPIRY_SAMPLE = 20;
const EXPIRY_ROUNDS = 64;

export class Dataset implements KeyspaceListener {
  usedBytes = 0;
  expiredKeys = 0;
  evictedKeys = 0;
  /** Changes since the last snapshot. */
  dirty = 0;
  readonly nowMs: () => number;
  readonly #spaces = new Map<number, Keyspace>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #ready = new Set<string>();

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  space(index: number): Keyspace {
    let space = this.#spaces.get(index);
    if (!space) {
      space = new Keyspace(index, this);
      this.#spaces.set(index, space);
    }
    return space;
  }

  /** Databases that were used, by number. */
  spaces(): Keyspace[] {
    return [...this.#spaces.values()].sort((a, b) => a.index - b.index);
  }

  /** Exchanges two databases, for those who are connected too. */
  swap(first: number, second: number): void {
    const [a, b] = [this.space(first), this.space(second)];
    const [inA, inB] = [[...a.entries.nodes()], [...b.entries.nodes()]];
    const moved = [...inA.map((node) => [b, node] as const), ...inB.map((node) => [a, node] as const)];
    a.clear();
    b.clear();
    for (const [space, { key, value }] of moved) space.set(key, value.value, value.expiresMs);
  }

  clear(): void {
    for (const space of this.#spaces.values()) space.clear();
  }

  counted(delta: number): void {
    this.usedBytes += delta;
  }

  touched(space: Keyspace, key: string): void {
    this.dirty++;
    if (this.#watchers.size === 0 && this.#waiters.size === 0) return;
    const name = nameOf(space, key);
    for (const watcher of this.#watchers.get(name) ?? []) watcher.dirty = true;
    if (this.#waiters.has(name)) this.#ready.add(name);
  }

  expired(): void {
    this.expiredKeys++;
  }

  clearing(space: Keyspace): void {
    this.dirty += space.size;
    const prefix = `${space.index}:`;
    for (const [name, watchers] of this.#watchers) {
      if (!name.startsWith(prefix) || !space.entries.has(name.slice(prefix.length))) continue;
      for (const watcher of watchers) watcher.dirty = true;
    }
    for (const name of this.#waiters.keys()) if (name.startsWith(prefix)) this.#ready.add(name);
  }

  watch(space: Keyspace, key: string, watcher: Watcher): void {
    add(this.#watchers, nameOf(space, key), watcher);
  }

  unwatch(space: Keyspace, key: string, watcher: Watcher): void {
    drop(this.#watchers, nameOf(space, key), watcher);
  }

  wait(waiter: Waiter): void {
    for (const key of waiter.keys) add(this.#waiters, nameOf(waiter.space, key), waiter);
  }

  stopWaiting(waiter: Waiter): void {
    for (const key of waiter.keys) drop(this.#waiters, nameOf(waiter.space, key), waiter);
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Serves those who wait for keys that have changed, the longest waiting first. */
  serveWaiters(): void {
    for (let [name] = this.#ready; name !== undefined; [name] = this.#ready) {
      this.#ready.delete(name);
      for (const waiter of Array.from(this.#waiters.get(name) ?? [])) {
        if (waiter.attempt()) this.stopWaiting(waiter);
      }
    }
  }

  get hasReadyWaiters(): boolean {
    return this.#ready.size > 0;
  }

  /** Deletes expired keys that nobody asks for: samples while many of a sample are expired. */
  expireSome(fraction: () => number): void {
    const nowMs = this.nowMs();
    for (const space of this.#spaces.values()) {
      for (let round = 0; round < EXPIRY_ROUNDS; round++) {
        if (expireSample(space, nowMs, fraction) <= EXPIRY_SAMPLE / 4) break;
      }
    }
  }
}

function expireSample(space: Keyspace, nowMs: number, fraction: () => number): number {
  let gone = 0;
  for (let draw = 0; draw < EXPIRY_SAMPLE; draw++) {
    const node = space.volatile.random(fraction);
    if (!node) break;
    if (node.value <= nowMs && !space.peek(node.key)) gone++;
  }
  return gone;
}

function nameOf(space: Keyspace, key: string): string {
  return `${space.index}:${key}`;
}

function add<T>(map: Map<string, Set<T>>, name: string, item: T): void {
  const set = map.get(name);
  if (set) set.add(item);
  else map.set(name, new Set([item]));
}

function drop<T>(map: Map<string, Set<T>>, name: string, item: T): void {
  const set = map.get(name);
  if (set?.delete(item) && set.size === 0) map.delete(name);
}
