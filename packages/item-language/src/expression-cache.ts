// Parsed expressions, kept for the next request with the same text: parsing costs more than binding.
import type { ExpressionKind } from './item-language-error.ts';

/** What a tree takes, about, for each character of its text. */
const BYTES_PER_CHARACTER = 64;

/** The most recently used trees, at most so many and about so many bytes. It belongs to the caller. */
export class ExpressionCache {
  readonly #entries = new Map<string, unknown>();
  readonly #entriesMax: number;
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(limits: { readonly entries: number; readonly bytes: number }) {
    this.#entriesMax = limits.entries;
    this.#bytesMax = limits.bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The tree for a text, read if it is not here. What `read` throws is not kept. The same kind gives the same type. */
  get<T>(kind: ExpressionKind, text: string, read: () => T): T {
    const key = `${kind} ${text}`;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known as T;
    }
    const tree = read();
    this.#entries.set(key, tree);
    this.#bytes += key.length * BYTES_PER_CHARACTER;
    this.#trim();
    return tree;
  }

  #trim(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#entriesMax && this.#bytes <= this.#bytesMax) return;
      this.#entries.delete(oldest);
      this.#bytes -= oldest.length * BYTES_PER_CHARACTER;
    }
  }
}
