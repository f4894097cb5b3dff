// Fills the fields that other resources fill. The condition says whether that succeeded, where there are any.
import type { StepResult } from '@pergola/controller-kit';
import { messageOf, ReferenceFault } from '../faults.ts';
import { conditionTypes, messages } from '../names.ts';
import { resolveReferences } from '../resolve-references.ts';
import type { Run } from '../run.ts';

export async function fillReferences(run: Run): Promise<StepResult> {
  const { lookup, crossNamespace } = run.context;
  const { namespace, dependencies } = run;
  try {
    const onCrossing = (what: string) => run.adviseCrossing(what);
    const scope = { lookup, namespace, crossNamespace, dependencies, onCrossing };
    const { spec, hasReferences } = await resolveReferences(run.kind, run.wanted.spec, scope);
    run.want({ spec });
    if (hasReferences) run.conditions.set(conditionTypes.referencesResolved, 'True');
    return undefined;
  } catch (error) {
    // A resource that goes needs no more than its own name.
    if (run.isBeingDeleted) return undefined;
    const status = error instanceof ReferenceFault && !error.isTerminal ? 'Unknown' : 'False';
    run.conditions.set(conditionTypes.referencesResolved, status, {
      message: messages.referencesFailed,
      reason: messageOf(error),
    });
    throw error;
  }
}
