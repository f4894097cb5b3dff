// A list that is quick at both ends: an array with room in front.

export class Deque {
  #items: (string | undefined)[] = [];
  #head = 0;

  constructor(items: readonly string[] = []) {
    this.#items = [...items];
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  at(index: number): string | undefined {
    return this.#items[this.#head + index];
  }

  put(index: number, item: string): void {
    this.#items[this.#head + index] = item;
  }

  pushBack(item: string): void {
    this.#items.push(item);
  }

  pushFront(item: string): void {
    if (this.#head === 0) {
      const room = Math.max(8, this.#items.length >> 1);
      this.#items = [...Array.from<undefined>({ length: room }), ...this.#items];
      this.#head = room;
    }
    this.#items[--this.#head] = item;
  }

  popBack(): string | undefined {
    return this.length === 0 ? undefined : this.#items.pop();
  }

  popFront(): string | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head > 64 && this.#head > this.#items.length >> 1) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  insert(index: number, item: string): void {
    this.#items.splice(this.#head + index, 0, item);
  }

  slice(from: number, to: number): string[] {
    return this.#items.slice(this.#head + from, this.#head + to) as string[];
  }

  /** Becomes what `items` says. */
  replace(items: readonly string[]): void {
    this.#items = [...items];
    this.#head = 0;
  }
}
