// Work that is done piece by piece on the main thread lets others have their turn between two pieces.
import { setImmediate as turnOfOthers } from 'node:timers/promises';
import type { Clock } from '@pergola/kernel';

/** So long nobody else has a turn, and a piece longer. */
const TURN_MS = 8;

export class Turns {
  readonly #clock: Clock;
  #beganMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#beganMs = clock.monotonicMs();
  }

  /** Resolves at once, or after all others who wait have had a turn when this one has been long. */
  async pass(): Promise<void> {
    if (this.#clock.monotonicMs() - this.#beganMs < TURN_MS) return;
    await turnOfOthers();
    this.#beganMs = this.#clock.monotonicMs();
  }
}
