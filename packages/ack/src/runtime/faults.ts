// Why a reconciliation cannot go on, besides AWS's own errors.

/** Nothing that is tried again can succeed until something that the resource depends on changes. */
export class TerminalFault extends Error {
  override readonly name = 'TerminalFault';
  /** ACK gives a reason for few of them. */
  readonly reason: string | undefined;

  constructor(message: string, reason?: string) {
    super(message);
    this.reason = reason;
  }
}

/** It may succeed later: `retryMs` says when, else the pauses grow. */
export class RecoverableFault extends Error {
  override readonly name = 'RecoverableFault';
  readonly retryMs: number | undefined;

  constructor(message: string, retryMs?: number) {
    super(message);
    this.retryMs = retryMs;
  }
}

/** A reference whose target is not there yet: waited for by watching it. */
export class ReferenceFault extends Error {
  override readonly name = 'ReferenceFault';
  /** The target itself cannot become ready. */
  readonly isTerminal: boolean;

  constructor(message: string, isTerminal = false) {
    super(message);
    this.isTerminal = isTerminal;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
