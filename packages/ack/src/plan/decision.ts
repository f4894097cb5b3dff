// What the controller would do with one resource, given what is wanted and what AWS has.
import type { Difference, Kind, Observed } from '../kind/kind.ts';
import { messages, resourceAnnotations } from '../runtime/names.ts';
import type { Run } from '../runtime/run.ts';
import { operationsOf } from './plan-calls.ts';

export type PlannedAction = 'create' | 'adopt' | 'update' | 'replace' | 'none' | 'wait' | 'fail';

export interface Decision {
  readonly action: PlannedAction;
  /** Why it waits or fails, or what a replacement costs. */
  readonly because: string | undefined;
  readonly differences: readonly Difference[];
  /** Operations that change something, in order. */
  readonly calls: readonly string[];
}

export const nothing: Decision = { action: 'none', because: undefined, differences: [], calls: [] };

/** For a run whose steps have read everything. Rejects with what reading rejects with. */
export async function decide(run: Run): Promise<Decision> {
  const { observed } = run;
  if (observed === undefined) return decideMissing(run);
  if (run.isManaged || run.settings.isReadOnly) return decideOwn(run, observed);
  const policy = adoptionOf(run);
  if (policy === undefined) return failing(`${messages.notManaged}. ${messages.notManagedReason}`);
  if (policy === 'adopt') return { ...nothing, action: 'adopt', because: 'the spec is written from AWS' };
  const decision = await decideOwn(run, observed);
  return decision.action === 'none' ? { ...decision, action: 'adopt' } : decision;
}

function failing(because: string): Decision {
  return { ...nothing, action: 'fail', because };
}

function adoptionOf(run: Run): 'adopt' | 'adopt-or-create' | undefined {
  const wasAdopted = run.annotation(resourceAnnotations.adopted)?.toLowerCase() === 'true';
  return run.settings.adoption ?? (wasAdopted ? 'adopt-or-create' : undefined);
}

async function decideMissing(run: Run): Promise<Decision> {
  const { kind, wanted, settings } = run;
  if (settings.isReadOnly) return failing('resource not found');
  if (!run.isManaged && adoptionOf(run) === 'adopt') return failing('adopted resource not found');
  const calls = await operationsOf(run.call, (call) => kind.create(call, wanted));
  return { ...nothing, action: 'create', calls };
}

async function decideOwn(run: Run, observed: Observed): Promise<Decision> {
  const { kind, wanted } = run;
  const found = kind.compare(wanted, observed);
  if (found.length === 0) return nothing;
  const differences = masked(found, kind);
  if (run.settings.isReadOnly) return { ...nothing, differences, because: 'it is only read' };
  const progress = kind.progressOf(observed);
  if (progress.state === 'waiting') {
    return { ...nothing, action: 'wait', differences, because: progress.because };
  }
  if (found.some(({ effect }) => effect === 'replace')) return replacement(run, observed, differences);
  const change = { wanted, observed, differences: found };
  const calls = await operationsOf(run.call, (call) => kind.update(call, change));
  return { ...nothing, action: 'update', differences, calls };
}

async function replacement(
  run: Run,
  observed: Observed,
  differences: readonly Difference[],
): Promise<Decision> {
  const { kind, wanted, settings } = run;
  const removal = await operationsOf(run.call, (call) => kind.remove(call, wanted, observed));
  const creation = await operationsOf(run.call, (call) => kind.create(call, wanted));
  const reasons: string[] = [];
  if (!settings.mayReplace) {
    reasons.push(`refused without the annotation ${resourceAnnotations.replacePolicy}: delete-and-create`);
  }
  if (kind.isStateful) reasons.push('its data would be lost');
  const because = reasons.length === 0 ? undefined : reasons.join('; ');
  return { action: 'replace', because, differences, calls: [...removal, ...creation] };
}

/** Secrets are told by their path alone. */
function masked(differences: readonly Difference[], kind: Kind): readonly Difference[] {
  return differences.map((difference) =>
    kind.secrets.includes(difference.path)
      ? { ...difference, wanted: undefined, observed: undefined }
      : difference,
  );
}
