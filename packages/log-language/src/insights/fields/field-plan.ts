// Which fields of a JSON message a query wants, as a tree that a scanner walks along: `a.b.c` may be written as
// `{"a": {"b": {"c": …}}}`, `{"a.b": {"c": …}}` and so on, and a number may be an index.

/** A key that leads to wanted fields. */
export interface Candidate {
  /** As UTF-8, without escapes. */
  readonly key: Buffer;
  /** As an index of an array; -1 when it is none. */
  readonly index: number;
  /** Where the value goes when it is a leaf; -1 when it is not wanted. */
  slot: number;
  level: Level | undefined;
}

export interface Level {
  readonly candidates: Candidate[];
}

/** Dots beyond these are part of the last key: the ways to split a name double with each dot. */
const splitsMax = 8;

export class FieldPlan {
  readonly root: Level = { candidates: [] };
  readonly #slots: number[] = [];

  get slots(): readonly number[] {
    return this.#slots;
  }

  /** Wants the field `name`, as queries name it, in `slot`. */
  want(name: string, slot: number): void {
    this.#slots.push(slot);
    // One @ stands for what CloudWatch adds; names of its own are no fields of the message.
    if (name.startsWith('@') && !name.startsWith('@@')) return;
    const path = name.startsWith('@@') ? name.slice(1) : name;
    addPath(this.root, path.split('.'), slot);
  }
}

function addPath(level: Level, steps: readonly string[], slot: number): void {
  const whole = candidateOf(level, steps.join('.'));
  whole.slot = slot;
  if (steps.length > splitsMax) return;
  for (let length = 1; length < steps.length; length += 1) {
    const candidate = candidateOf(level, steps.slice(0, length).join('.'));
    candidate.level ??= { candidates: [] };
    addPath(candidate.level, steps.slice(length), slot);
  }
}

function candidateOf(level: Level, key: string): Candidate {
  const bytes = Buffer.from(key);
  const known = level.candidates.find((candidate) => candidate.key.equals(bytes));
  if (known) return known;
  const index = /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : -1;
  const candidate: Candidate = { key: bytes, index, slot: -1, level: undefined };
  level.candidates.push(candidate);
  return candidate;
}
