// One at a time under each name: between looking whether something exists and making it, nobody else makes it.

export class Turns {
  readonly #tails = new Map<string, Promise<void>>();

  /** Resolves with what ends the turn, when those before it under this name have ended theirs. */
  async take(name: string): Promise<() => void> {
    const before = this.#tails.get(name);
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const tail = before === undefined ? ended : before.then(() => ended);
    this.#tails.set(name, tail);
    await before;
    return () => {
      end();
      if (this.#tails.get(name) === tail) this.#tails.delete(name);
    };
  }
}
