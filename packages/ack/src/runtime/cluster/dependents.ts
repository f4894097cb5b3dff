// Who depends on what: from the name of a dependency to the keys that are reconciled when it changes, and back.

export class Dependents {
  readonly #keys = new Map<string, Set<string>>();
  readonly #dependencies = new Map<string, Set<string>>();

  /** A set for a run of `key`: what is added to it counts at once, for a change may come while the run goes on. */
  track(key: string): Set<string> {
    return new TrackedSet((dependency) => this.#add(dependency, key));
  }

  /** Replaces what `key` depends on. */
  set(key: string, dependencies: ReadonlySet<string>): void {
    for (const old of this.#dependencies.get(key) ?? []) if (!dependencies.has(old)) this.#remove(old, key);
    for (const dependency of dependencies) this.#add(dependency, key);
    if (dependencies.size > 0) this.#dependencies.set(key, new Set(dependencies));
    else this.#dependencies.delete(key);
  }

  forget(key: string): void {
    this.set(key, new Set());
  }

  of(dependency: string): readonly string[] {
    return [...(this.#keys.get(dependency) ?? [])];
  }

  #add(dependency: string, key: string): void {
    const keys = this.#keys.get(dependency);
    if (keys) keys.add(key);
    else this.#keys.set(dependency, new Set([key]));
    this.#dependencies.set(key, (this.#dependencies.get(key) ?? new Set()).add(dependency));
  }

  #remove(dependency: string, key: string): void {
    const keys = this.#keys.get(dependency);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(dependency);
  }
}

class TrackedSet extends Set<string> {
  readonly #onAdd: (value: string) => void;

  constructor(onAdd: (value: string) => void) {
    super();
    this.#onAdd = onAdd;
  }

  override add(value: string): this {
    if (!this.has(value)) this.#onAdd(value);
    return super.add(value);
  }
}
