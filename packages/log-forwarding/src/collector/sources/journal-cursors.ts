// Cursors of journal entries that are on their way, and the file that holds the last delivered one.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export class JournalCursors {
  readonly #path: string;
  /** The oldest first. */
  #underway: { readonly position: number; readonly cursor: string }[] = [];
  #saved: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#saved = readCursor(path);
  }

  /** Where to read on; undefined at the very beginning. */
  get saved(): string | undefined {
    return this.#saved;
  }

  /** The entry that ends at `position` has been read. */
  add(position: number, cursor: string): void {
    this.#underway.push({ position, cursor });
  }

  /** Everything up to `position` is delivered. */
  delivered(position: number): void {
    const count = this.#underway.findIndex((entry) => entry.position > position);
    const done = this.#underway.splice(0, count < 0 ? this.#underway.length : count);
    const cursor = done.at(-1)?.cursor;
    if (cursor === undefined || cursor === this.#saved) return;
    this.#saved = cursor;
    writeFileSync(`${this.#path}.next`, cursor, { mode: 0o600 });
    renameSync(`${this.#path}.next`, this.#path);
  }
}

function readCursor(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
