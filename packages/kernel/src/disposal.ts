// Ordered clean-up. Node 20 has no AsyncDisposableStack; this is the part of it that we use.

type Cleanup = () => void | Promise<void>;

/** Collects clean-ups and runs them in reverse order. One failure does not stop the others. */
export class Disposal implements AsyncDisposable {
  readonly #cleanups: Cleanup[] = [];
  #done: Promise<void> | undefined;

  /** Registers a clean-up, run before those registered earlier. */
  defer(cleanup: Cleanup): void {
    this.#cleanups.push(cleanup);
  }

  /** Registers a disposable value and returns it. */
  use<T extends AsyncDisposable>(value: T): T {
    this.defer(() => Promise.resolve(value[Symbol.asyncDispose]()));
    return value;
  }

  /** Runs all clean-ups once; later calls wait for the first. Throws an AggregateError if any failed. */
  dispose(): Promise<void> {
    this.#done ??= this.#run();
    return this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #run(): Promise<void> {
    const errors: unknown[] = [];
    for (const cleanup of this.#cleanups.toReversed()) {
      try {
        await cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'clean-up failed');
  }
}
