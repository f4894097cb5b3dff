// What running a command gives: an answer now, one that waits for keys, or one that waits for a check.
import type { Reply } from './resp/reply.ts';

/** An answer that waits: `attempt` gives undefined while there is nothing. */
export class Wait {
  readonly keys: readonly string[];
  /** 0: for ever. */
  readonly timeoutMs: number;
  readonly attempt: () => Reply | undefined;
  readonly onTimeout: Reply;

  constructor(
    keys: readonly string[],
    limits: { readonly timeoutMs: number; readonly onTimeout: Reply },
    attempt: () => Reply | undefined,
  ) {
    this.keys = keys;
    this.timeoutMs = limits.timeoutMs;
    this.onTimeout = limits.onTimeout;
    this.attempt = attempt;
  }
}

/** An answer that is put together in steps, between which others may come in. Each step is short. */
export class Stepwise {
  readonly steps: Iterator<void, Reply>;

  constructor(steps: Iterator<void, Reply>) {
    this.steps = steps;
  }

  /** All steps at once. */
  finish(): Reply {
    for (;;) {
      const step = this.steps.next();
      if (step.done === true) return step.value;
    }
  }
}

export type Answer = Reply | Wait | Stepwise | Promise<Reply>;
