// Makes AWS's resource what the user's own fields ask for. A difference that nobody asked for is drift.
import type { StepResult } from '@pergola/controller-kit';
import type { Difference, Observed } from '../../kind/kind.ts';
import { describeDifferences } from '../differences.ts';
import { TerminalFault } from '../faults.ts';
import { conditionTypes, messages, ownAnnotations, resourceAnnotations } from '../names.ts';
import type { Run } from '../run.ts';
import { callsOf } from './reconcile-creation.ts';
import { rememberSecrets } from './reconcile-secrets.ts';

/** How soon to look whether a resource that is replaced has gone. */
const replacementPollMs = 1_000;

export async function update(run: Run): Promise<StepResult> {
  const { observed, kind, settings } = run;
  if (observed === undefined) return undefined;
  const differences = kind.compare(run.wanted, observed);
  run.differences = differences;
  if (differences.length === 0) return sameAsWanted(run);
  const text = describeDifferences(differences, kind.secrets);
  if (settings.isReadOnly) {
    run.conditions.set(conditionTypes.drifted, 'True', { reason: 'ReadOnly', message: text });
    return undefined;
  }
  // AWS refuses changes while it works on earlier ones.
  if (kind.progressOf(observed).state === 'waiting') return undefined;
  if (isDrift(run)) {
    run.conditions.set(conditionTypes.drifted, 'True', { reason: 'Reported', message: text });
    if (settings.driftPolicy === 'report') return undefined;
    run.say('Warning', 'Drifted', text);
  }
  const replacing = differences.filter(({ effect }) => effect === 'replace');
  if (replacing.length > 0) return replace(run, observed, replacing);
  run.observed = await kind.update(run.call, { wanted: run.wanted, observed, differences });
  const mended = run.conditions.get(conditionTypes.drifted) !== undefined;
  if (mended) run.conditions.set(conditionTypes.drifted, 'False', { reason: 'Mended', message: text });
  run.say('Normal', mended ? 'Mended' : 'Updated', `${text} (${callsOf(run)})`);
  await rememberSecrets(run);
  run.differences = kind.compare(run.wanted, run.observed);
  return undefined;
}

/** The last mending stays told until the spec changes. */
function sameAsWanted(run: Run): StepResult {
  const before = run.conditionBefore(conditionTypes.drifted);
  if (before?.reason === 'Mended' && run.appliedGeneration === run.generation) {
    run.conditions.set(conditionTypes.drifted, 'False', {
      reason: 'Mended',
      ...(before.message === undefined ? {} : { message: before.message }),
    });
  }
  return undefined;
}

/** True when AWS had what is wanted now: the spec has not changed since, and neither have its secrets. */
function isDrift(run: Run): boolean {
  return run.wanted.changedSecrets.length === 0 && run.appliedGeneration === run.generation;
}

async function replace(run: Run, observed: Observed, replacing: readonly Difference[]): Promise<StepResult> {
  const { settings, kind } = run;
  const text = describeDifferences(replacing, kind.secrets);
  if (!settings.mayReplace) {
    throw new TerminalFault(
      `AWS cannot change this in place (${text}). Put it back, or let the resource be deleted and made anew with the ` +
        `annotation ${resourceAnnotations.replacePolicy}: delete-and-create`,
    );
  }
  run.say('Warning', 'Replacing', `deleting ${observed.arn ?? 'the resource'} to make it anew: ${text}`);
  await kind.remove(run.call, run.wanted, observed);
  run.conditions.set(conditionTypes.synced, 'False', { message: messages.notSynced, reason: 'Replacing' });
  run.remembered.appliedGeneration = undefined;
  run.remembered.isReplaced = true;
  run.forgetIdentity();
  return { requeueAfterMs: replacementPollMs, stop: true };
}

/** Where drift is only reported, what was applied must be known after a restart too. */
export function appliedAnnotation(run: Run): Readonly<Record<string, string | undefined>> {
  const keeps = run.settings.driftPolicy === 'report';
  return {
    [ownAnnotations.appliedGeneration]: keeps ? String(run.generation ?? 0) : undefined,
  };
}
