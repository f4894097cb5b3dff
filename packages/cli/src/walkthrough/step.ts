// A walkthrough is an ordered list of steps; each does one thing with real traffic and says what that proved.

/** One step. `prove` returns what a person should know, or throws NotProved. */
export interface WalkthroughStep<Scene> {
  readonly title: string;
  readonly prove: (scene: Scene) => Promise<Proof>;
}

export interface Proof {
  /** One line: what was seen. */
  readonly seen: string;
  /** Further lines, shown dimmed beneath. */
  readonly details?: readonly string[];
}

/** A step whose claim did not hold. */
export class NotProved extends Error {
  override readonly name = 'NotProved';
}

/** Throws NotProved with `message` unless `condition` holds. */
export function prove(condition: unknown, message: string): asserts condition {
  if (!condition) throw new NotProved(message);
}

/** A section of the walkthrough: one integration of the solution pattern. */
export interface Section {
  readonly title: string;
  readonly steps: number;
  /** Runs the steps in order and stops at the first that does not hold. Returns how many held. */
  readonly run: () => Promise<number>;
}
