// Writes back into the spec what AWS chose for fields that the user left open, where ACK does so.
import type { StepResult } from '@pergola/controller-kit';
import { conditionTypes } from '../names.ts';
import type { Run } from '../run.ts';
import { patchObject } from '../write/object-writes.ts';

export async function fillLateFields(run: Run): Promise<StepResult> {
  const { observed, kind, settings } = run;
  if (observed === undefined || settings.isReadOnly) return undefined;
  const patch = kind.lateInitialized(run.object['spec'] ?? {}, observed);
  const wasFilled = run.conditionBefore(conditionTypes.lateInitialized)?.status === 'True';
  if (Object.keys(patch).length > 0) {
    const isInSync = run.appliedGeneration === run.generation;
    await patchObject(run, { spec: patch });
    // The generation has moved, and AWS has what it says.
    if (isInSync) run.remembered.appliedGeneration = run.generation;
  } else if (!wasFilled) return undefined;
  run.conditions.set(conditionTypes.lateInitialized, 'True');
  return undefined;
}
