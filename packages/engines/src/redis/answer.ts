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

export type Answer = Reply | Wait | Promise<Reply>;
