// Which fields of a JSON message a query wants, as a tree that a scanner walks along. A dot in a name may be a step or
// part of a key: `a.b.c` is `{"a": {"b": {"c": …}}}`, `{"a.b": {"c": …}}` and so on, and a number may be an index. So
// a level of the tree is what remains of the names, and its branches grow when keys come by.

/** What follows behind a key or index that leads to wanted fields. */
export interface Candidate {
  /** Where the value goes when it is a leaf; -1 when it is not wanted. */
  readonly slot: number;
  readonly level: Level | undefined;
}

/** What remains of a name, as UTF-8. */
interface Remainder {
  readonly path: Uint8Array;
  readonly slot: number;
  /** By the length of the key that begins the path. */
  readonly branches: Map<number, Candidate>;
  /** The branch of the key that is the whole path: the usual one. */
  whole: Candidate | undefined;
}

const dot = 0x2e;

export class Level {
  readonly #remainders: readonly Remainder[];
  #indices: Map<number, Candidate> | undefined;

  constructor(paths: readonly { readonly path: Uint8Array; readonly slot: number }[]) {
    this.#remainders = paths.map(({ path, slot }) => ({ path, slot, branches: new Map(), whole: undefined }));
  }

  /** The candidate for the key `bytes[start, end)`, which has no escapes. */
  key(bytes: Uint8Array, start: number, end: number): Candidate | undefined {
    const remainders = this.#remainders;
    const length = end - start;
    for (let index = 0; index < remainders.length; index += 1) {
      const remainder = remainders[index];
      if (remainder && begins(remainder.path, bytes, start, length)) {
        if (length !== remainder.path.length) return this.#branch(remainder, length);
        remainder.whole ??= this.#branch(remainder, length);
        return remainder.whole;
      }
    }
    return undefined;
  }

  /** The candidate for an item of an array. */
  item(index: number): Candidate | undefined {
    this.#indices ??= this.#itemBranches();
    return this.#indices.get(index);
  }

  #itemBranches(): Map<number, Candidate> {
    const found = new Map<number, Candidate>();
    for (const remainder of this.#remainders) {
      const [step = ''] = Buffer.from(remainder.path).toString().split('.', 1);
      if (/^(?:0|[1-9]\d{0,8})$/.test(step)) found.set(Number(step), this.#branch(remainder, step.length));
    }
    return found;
  }

  /** All that begins with the same key, which is the beginning of the remainder's path. */
  #branch({ path, branches }: Remainder, length: number): Candidate {
    const known = branches.get(length);
    if (known) return known;
    const same = this.#remainders.filter((other) => begins(other.path, path, 0, length));
    const longer = same.filter((other) => other.path.length > length);
    const candidate = {
      slot: same.find((other) => other.path.length === length)?.slot ?? -1,
      level:
        longer.length === 0
          ? undefined
          : new Level(longer.map((other) => ({ path: other.path.subarray(length + 1), slot: other.slot }))),
    };
    branches.set(length, candidate);
    return candidate;
  }
}

/** Whether the path is the key, or goes on behind it with a dot. */
function begins(path: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (path.length !== length && path[length] !== dot) return false;
  for (let index = 0; index < length; index += 1) if (path[index] !== bytes[start + index]) return false;
  return true;
}

export class FieldPlan {
  readonly #slots: number[] = [];
  readonly #paths: { readonly path: Uint8Array; readonly slot: number }[] = [];

  get slots(): readonly number[] {
    return this.#slots;
  }

  /** Wants the field `name`, as queries name it, in `slot`. */
  want(name: string, slot: number): void {
    this.#slots.push(slot);
    // One @ stands for what CloudWatch adds; names of its own are no fields of the message.
    if (name.startsWith('@') && !name.startsWith('@@')) return;
    this.#paths.push({ path: Buffer.from(name.startsWith('@@') ? name.slice(1) : name), slot });
  }

  /** The tree for all that is wanted so far. */
  root(): Level {
    return new Level(this.#paths);
  }
}
