// The words of *why*. Every decision in the house (a signature, a token, a policy, an admission) is
// reported in these words, and `explain` prints nothing else.

/** How one check ended. `skipped` means it was not reached or does not apply; `unknown` that evidence was lacking. */
export type Outcome = 'passed' | 'failed' | 'skipped' | 'unknown';

/** One named check: what was looked at, how it ended and because of what. */
export interface Step {
  /** Stable dotted code in kebab case, e.g. `sigv4.signature`, `oidc.audience`, `policy.identity`. */
  readonly check: string;
  readonly outcome: Outcome;
  /** One sentence for a person, with the values that decided. Never a secret. */
  readonly because: string;
  /** The facts that were compared, for programs. Never a secret. */
  readonly evidence?: Readonly<Record<string, unknown>>;
  /** What to change, as a sentence or a command, when the check failed and the fix is known. */
  readonly fix?: string;
  /** Stable id of the trust-chain link that this check guards (K1…P7), when it guards one. */
  readonly link?: string;
}

/** The outcome of a decision together with every check that led to it, in order. */
export interface Verdict {
  readonly allowed: boolean;
  readonly steps: readonly Step[];
}

/** The first failed step of a verdict: the one to tell a person about. */
export function decidingStep(steps: readonly Step[]): Step | undefined {
  return steps.find((step) => step.outcome === 'failed');
}
