// A map whose entries keep a number as long as they live, so that a scan needs no state of its own: a cursor is a
// number, and what is there from beginning to end is seen exactly once. It also draws entries at random.

export interface Slotted<V> {
  readonly key: string;
  value: V;
  readonly slot: number;
}

export class SlotMap<V> {
  readonly #nodes = new Map<string, Slotted<V>>();
  readonly #slots: (Slotted<V> | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#nodes.size;
  }

  get(key: string): V | undefined {
    return this.#nodes.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#nodes.has(key);
  }

  /** True when it was not there before. */
  set(key: string, value: V): boolean {
    const known = this.#nodes.get(key);
    if (known) {
      known.value = value;
      return false;
    }
    const node: Slotted<V> = { key, value, slot: this.#freeSlot() };
    this.#nodes.set(key, node);
    this.#slots[node.slot] = node;
    return true;
  }

  #freeSlot(): number {
    for (let slot = this.#free.pop(); slot !== undefined; slot = this.#free.pop()) {
      // The end may have been given up since.
      if (slot < this.#slots.length && this.#slots[slot] === undefined) return slot;
    }
    return this.#slots.length;
  }

  delete(key: string): boolean {
    const node = this.#nodes.get(key);
    if (!node) return false;
    this.#nodes.delete(key);
    if (this.#nodes.size === 0) {
      this.clear();
      return true;
    }
    this.#slots[node.slot] = undefined;
    if (node.slot < this.#slots.length - 1) this.#free.push(node.slot);
    while (this.#slots.length > 0 && this.#slots.at(-1) === undefined) this.#slots.pop();
    return true;
  }

  clear(): void {
    this.#nodes.clear();
    this.#slots.length = 0;
    this.#free.length = 0;
  }

  keys(): IterableIterator<string> {
    return this.#nodes.keys();
  }

  nodes(): IterableIterator<Slotted<V>> {
    return this.#nodes.values();
  }

  /** Visits entries from `cursor` on, about `count` places of them. Returns the next cursor, 0 at the end. */
  scan(cursor: number, count: number, visit: (node: Slotted<V>) => void): number {
    const end = Math.min(this.#slots.length, cursor + count);
    for (let slot = cursor; slot < end; slot++) {
      const node = this.#slots[slot];
      if (node) visit(node);
    }
    return end >= this.#slots.length ? 0 : end;
  }

  /** One entry, each as likely as another; `fraction` draws from [0, 1). */
  random(fraction: () => number): Slotted<V> | undefined {
    const length = this.#slots.length;
    if (length === 0) return undefined;
    for (let tries = 0; tries < 100; tries++) {
      const node = this.#slots[Math.floor(fraction() * length)];
      if (node) return node;
    }
    const start = Math.floor(fraction() * length);
    for (let step = 0; step < length; step++) {
      const node = this.#slots[(start + step) % length];
      if (node) return node;
    }
    return undefined;
  }
}
