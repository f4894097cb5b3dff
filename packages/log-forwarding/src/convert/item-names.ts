// Names of items: observability.openshift.io allows fewer of them.
import type { Notes } from './conversion.ts';

const allowed = /^[a-z][a-z0-9-]*[a-z0-9]$/;

/** Gives each item a name that is allowed and nobody else's. */
export class ItemNames {
  readonly #used = new Set<string>();
  readonly #notes: Notes;
  readonly #what: string;

  /** `what`: the kind of items, for notes. `reserved` names are never given. */
  constructor(what: string, notes: Notes, reserved: readonly string[] = []) {
    this.#what = what;
    this.#notes = notes;
    for (const name of reserved) this.#used.add(name);
  }

  /** A name like `wanted`, with a note when it is not the same. */
  take(wanted: string): string {
    const name = this.derive(wanted);
    if (name !== wanted) {
      this.#notes.add(`${this.#what} "${wanted}" is called "${name}" now: the name is not allowed any more`);
    }
    return name;
  }

  /** A name like `wanted` for an item that had none. */
  derive(wanted: string): string {
    const plain = plainName(wanted);
    let name = plain;
    for (let count = 2; this.#used.has(name); count++) name = `${plain}-${count}`;
    this.#used.add(name);
    return name;
  }
}

function plainName(wanted: string): string {
  if (allowed.test(wanted)) return wanted;
  const text = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/-+$/, '');
  return allowed.test(text) ? text : `item-${text || 'x'}`;
}
