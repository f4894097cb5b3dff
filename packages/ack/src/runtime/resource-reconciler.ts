// Reconciles one resource by its key: runs the steps, turns their outcome into conditions, and writes the status once.
import { type ReconcileResult, runSteps } from '@pergola/controller-kit';
import { hasCode, type KubeResource } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';
import { failed } from './outcome.ts';
import { steps } from './reconcile.ts';
import { type AckContext, Run } from './run.ts';
import { writeStatus } from './write/object-writes.ts';

export interface ReconcilerOptions {
  readonly context: AckContext;
  /** How soon AWS is looked at when nothing has changed, in milliseconds; undefined: not at all. */
  readonly driftCheckMs: () => number | undefined;
}

/** One reconciliation of `object`. Throws KubeApiError when the cluster does not take what is written. */
export async function reconcileResource(
  options: ReconcilerOptions,
  kind: Kind,
  key: string,
  object: KubeResource,
): Promise<ReconcileResult> {
  const { context } = options;
  const run = new Run(context, kind, key, object);
  const startedMs = context.clock.monotonicMs();
  let word = 'success';
  try {
    const result = await runSteps(steps, run).catch((error: unknown) => {
      word = hasCode(error, 409) ? 'conflict' : 'error';
      return failed(run, error);
    });
    if (word === 'success') succeeded(run);
    await writeStatusUnlessGone(run);
    const isDone = word === 'success' && result.requeueAfterMs === undefined && isToBeWatched(run);
    const checkMs = isDone ? options.driftCheckMs() : undefined;
    return checkMs === undefined ? result : { requeueAfterMs: checkMs };
  } finally {
    run.end();
    context.counters.reconciled(kind.kind, word, context.clock.monotonicMs() - startedMs);
    context.dependents.set(key, run.dependencies);
  }
}

function succeeded({ remembered }: Run): void {
  remembered.failures = 0;
  remembered.lastWarning = undefined;
}

function isToBeWatched(run: Run): boolean {
  return !run.isBeingDeleted && !run.settings.isPaused;
}

/** A resource that has been let go has no status any more. */
async function writeStatusUnlessGone(run: Run): Promise<void> {
  if (run.isBeingDeleted && !run.isManaged) return;
  await writeStatus(run);
}
