// A resource that exists in AWS and is not ours: taken over when the annotation says so, else refused.
import type { StepResult } from '@pergola/controller-kit';
import type { JsonObject, Observed } from '../../kind/kind.ts';
import { RecoverableFault, TerminalFault } from '../faults.ts';
import { lastNameOf } from '../json-path.ts';
import { conditionTypes, finalizerIn, messages, resourceAnnotations } from '../names.ts';
import type { Run } from '../run.ts';
import { claim } from './reconcile-ownership.ts';
import { patchObject } from '../write/object-writes.ts';

export async function adopt(run: Run): Promise<StepResult> {
  const { settings, observed } = run;
  const wasAdopted = isAdopted(run);
  if (wasAdopted && observed !== undefined) run.conditions.set(conditionTypes.adopted, 'True');
  if (run.isManaged) return undefined;
  const policy = settings.adoption ?? (wasAdopted ? 'adopt-or-create' : undefined);
  if (observed === undefined) {
    if (policy !== 'adopt') return undefined;
    throw new RecoverableFault('adopted resource not found');
  }
  // What is only read never becomes ours: it is adopted by showing it.
  if (settings.isReadOnly && (wasAdopted || policy === undefined)) return undefined;
  if (policy === undefined) throw new TerminalFault(messages.notManaged, messages.notManagedReason);
  return takeOver(run, observed, policy);
}

function isAdopted(run: Run): boolean {
  return run.annotation(resourceAnnotations.adopted)?.toLowerCase() === 'true';
}

async function takeOver(
  run: Run,
  observed: Observed,
  policy: 'adopt' | 'adopt-or-create',
): Promise<StepResult> {
  const finalizers = run.settings.isReadOnly ? {} : { finalizers: finalizerIn(run.kind, run.object) };
  const metadata = { annotations: { [resourceAnnotations.adopted]: 'true' }, ...finalizers };
  const spec = policy === 'adopt' ? { spec: adoptedSpec(run, observed) } : {};
  await patchObject(run, { metadata, ...spec });
  if (!run.settings.isReadOnly) claim(run, observed.arn);
  run.say('Normal', 'Adopted', `adopted ${observed.arn ?? 'the resource'}, which existed in AWS`);
  run.conditions.set(conditionTypes.adopted, 'True');
  // The spec has become another: begin again with it.
  return policy === 'adopt' ? { requeueAfterMs: 1, stop: true } : undefined;
}

/** AWS's spec, but for fields that a reference fills. */
function adoptedSpec(run: Run, observed: Observed): JsonObject {
  const own: JsonObject = run.object['spec'] ?? {};
  const referenced = new Set(
    run.kind.references
      .filter(({ refPath }) => !refPath.includes('.') && own[refPath] !== undefined)
      .map(({ path }) => lastNameOf(path)),
  );
  return Object.fromEntries(Object.entries(observed.spec).filter(([name]) => !referenced.has(name)));
}
