// Whether the resource is in sync, and when to look again.
import type { StepResult } from '@pergola/controller-kit';
import { describeDifferences } from '../differences.ts';
import { RecoverableFault, TerminalFault } from '../faults.ts';
import { conditionTypes, messages } from '../names.ts';
import { lookAgainMs } from '../patience.ts';
import type { Run } from '../run.ts';
import { annotate } from '../write/object-writes.ts';
import { appliedAnnotation } from './reconcile-changes.ts';
import { rememberSecrets } from './reconcile-secrets.ts';

export async function conclude(run: Run): Promise<StepResult> {
  const { observed, kind, differences } = run;
  if (observed === undefined) return undefined;
  const progress = kind.progressOf(observed);
  if (progress.state === 'failed') throw new TerminalFault(progress.because);
  if (progress.state === 'waiting') {
    run.conditions.set(conditionTypes.synced, 'False', {
      message: messages.notSynced,
      reason: progress.because,
    });
    return { requeueAfterMs: lookAgainMs(run, progress.againMs) };
  }
  run.remembered.waitingSinceMs = undefined;
  if (differences.length > 0) return differing(run);
  run.conditions.set(conditionTypes.synced, 'True', { message: messages.synced });
  run.remembered.appliedGeneration = run.generation;
  if (run.settings.isReadOnly) return undefined;
  await annotate(run, appliedAnnotation(run));
  // Secrets whose version is new and whose text is not: known after a restart, too.
  if (run.wanted.changedSecrets.length === 0) await rememberSecrets(run);
  return undefined;
}

/** Reported drift is looked at as often as what is in sync; what AWS has not taken over yet is looked at soon. */
function differing(run: Run): StepResult {
  const text = describeDifferences(run.differences, run.kind.secrets);
  if (run.conditions.get(conditionTypes.drifted)?.status === 'True') {
    run.conditions.set(conditionTypes.synced, 'False', { message: messages.notSynced, reason: text });
    return undefined;
  }
  throw new RecoverableFault(`AWS has accepted the change and does not show it yet: ${text}`);
}
