// A resource that goes: retained or deleted in AWS as its policy says, and then let go.
import type { StepResult } from '@pergola/controller-kit';
import { conditionTypes, messages, resourceAnnotations } from '../names.ts';
import { lookAgainMs } from '../patience.ts';
import type { Run } from '../run.ts';
import { removeFinalizer } from '../write/object-writes.ts';

const pollMs = 1_000;
/** A deletion that AWS has accepted is asked for again only when it takes as long as this. */
const repeatMs = 60_000;

/** Lets go what AWS shall keep: that needs no word with AWS, which may be out of reach for good. */
export async function release(run: Run): Promise<StepResult> {
  if (!run.isBeingDeleted) return undefined;
  if (!run.isManaged) return 'stop';
  const { settings, wanted } = run;
  if (settings.isReadOnly) return letGo(run, 'Released', 'it was only read: AWS keeps the resource');
  if (settings.deletionPolicy === 'delete') return undefined;
  const how = `to delete it too, annotate with ${resourceAnnotations.deletionPolicy}: delete`;
  return letGo(run, 'Retained', `AWS keeps ${wanted.arn ?? 'the resource'}, and its data (${how})`);
}

/** Deletes in AWS. Ends every run of a resource that is being deleted. */
export async function remove(run: Run): Promise<StepResult> {
  if (!run.isBeingDeleted) return undefined;
  const { settings, observed } = run;
  if (observed === undefined) return letGo(run, 'Deleted', 'AWS has no such resource any more');
  const risk = settings.deletionIsExplicit ? undefined : await run.kind.dataAtRisk(run.call, observed);
  if (risk !== undefined) {
    const how = `annotate the resource with ${resourceAnnotations.deletionPolicy}: delete, or with retain to keep it`;
    run.conditions.advise('DataAtRisk', `not deleted, because ${risk}: ${how}`);
    run.conditions.set(conditionTypes.synced, 'False', { message: messages.notSynced, reason: 'DataAtRisk' });
    return { requeueAfterMs: repeatMs, stop: true };
  }
  return begin(run);
}

async function begin(run: Run): Promise<StepResult> {
  const { observed, remembered, kind } = run;
  if (observed === undefined) return 'stop';
  const nowMs = run.context.clock.monotonicMs();
  const isUnderWay = remembered.removedAtMs !== undefined && nowMs - remembered.removedAtMs < repeatMs;
  if (!isUnderWay) {
    await kind.remove(run.call, run.wanted, observed);
    remembered.removedAtMs = nowMs;
    remembered.waitingSinceMs = nowMs;
    run.observed = await kind.read(run.call, run.wanted);
    if (run.observed === undefined) return letGo(run, 'Deleted', `deleted ${observed.arn ?? 'the resource'}`);
    run.say('Normal', 'Deleting', `AWS is deleting ${observed.arn ?? 'the resource'}`);
  }
  run.conditions.set(conditionTypes.synced, 'False', { message: messages.notSynced, reason: 'Deleting' });
  const progress = kind.progressOf(run.observed ?? observed);
  const longestMs = progress.state === 'waiting' ? progress.againMs : pollMs;
  return { requeueAfterMs: lookAgainMs(run, longestMs), stop: true };
}

async function letGo(run: Run, reason: string, message: string): Promise<StepResult> {
  run.say('Normal', reason, message);
  await removeFinalizer(run);
  return 'stop';
}
