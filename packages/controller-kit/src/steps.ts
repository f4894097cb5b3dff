// A reconciler as an ordered list of steps: the order stands in one place, each step in a file of its own.

/** What a step says when it is done; nothing means: go on. */
export type StepResult =
  | undefined
  /** The later steps are not run. */
  | 'stop'
  /** Go on (or `stop`), and reconcile again after so many milliseconds; of several the shortest counts. */
  | { readonly requeueAfterMs: number; readonly stop?: boolean };

/** One aspect of a reconciliation. It reads and changes `context`, which is made anew for each run. */
export interface Step<C> {
  readonly name: string;
  readonly run: (context: C) => StepResult | Promise<StepResult>;
}

/** How a reconciliation ended. */
export interface ReconcileResult {
  readonly requeueAfterMs?: number;
}

/** Runs the steps in order. An error of a step ends the run. */
export async function runSteps<C>(steps: readonly Step<C>[], context: C): Promise<ReconcileResult> {
  let requeueAfterMs: number | undefined;
  for (const step of steps) {
    const result = await step.run(context);
    if (result === 'stop') break;
    if (result === undefined) continue;
    requeueAfterMs = Math.min(requeueAfterMs ?? result.requeueAfterMs, result.requeueAfterMs);
    if (result.stop) break;
  }
  return requeueAfterMs === undefined ? {} : { requeueAfterMs };
}
