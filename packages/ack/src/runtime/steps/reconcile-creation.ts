// Makes what does not exist. The finalizer stands before the call, so that nothing is made that nobody would delete, and
// what AWS chose stands in the status right after it.
import { AwsError, isTransient } from '@pergola/aws-client';
import type { StepResult } from '@pergola/controller-kit';
import { RecoverableFault } from '../faults.ts';
import { conditionTypes, messages } from '../names.ts';
import type { Run } from '../run.ts';
import { claim } from './reconcile-ownership.ts';
import { addFinalizer, removeFinalizer, writeStatus } from '../write/object-writes.ts';
import { rememberSecrets } from './reconcile-secrets.ts';

export async function create(run: Run): Promise<StepResult> {
  if (run.observed !== undefined) return undefined;
  if (run.settings.isReadOnly) throw new RecoverableFault('resource not found');
  if (isLost(run)) {
    const message = `${run.wanted.arn} is gone from AWS`;
    if (run.settings.driftPolicy === 'report') {
      run.conditions.set(conditionTypes.drifted, 'True', { reason: 'Deleted', message });
      throw new RecoverableFault(`${message}; the annotation drift-policy says that this is only reported`);
    }
    run.say('Warning', 'Drifted', `${message}: making it anew`);
    run.forgetIdentity();
  }
  const isNew = !run.isManaged;
  await addFinalizer(run);
  try {
    run.observed = await run.kind.create(run.call, run.wanted);
  } catch (error) {
    if (isNew && (await wasRefused(run, error))) await removeFinalizer(run);
    throw error;
  }
  claim(run, run.observed.arn);
  run.remembered.isReplaced = false;
  run.conditions.set(conditionTypes.synced, 'False', { message: messages.notSynced });
  await writeStatus(run);
  await rememberSecrets(run);
  run.say('Normal', 'Created', `created ${run.observed.arn ?? run.kind.kind} with ${callsOf(run)}`);
  return undefined;
}

/** It existed: its ARN stands in the status, and AWS has had it as it was wanted. */
function isLost(run: Run): boolean {
  return (
    !run.remembered.isReplaced &&
    run.isManaged &&
    run.wanted.arn !== undefined &&
    run.metadata['arn'] === run.wanted.arn
  );
}

/** True when nothing was made: AWS said no to the first call, and there is nothing now either. */
async function wasRefused(run: Run, error: unknown): Promise<boolean> {
  if (!(error instanceof AwsError) || isTransient(error)) return false;
  if (run.calls.every((call) => call.error !== undefined)) return true;
  try {
    return (await run.kind.read(run.call, run.wanted)) === undefined;
  } catch {
    // Not known: what may exist stays ours.
    return false;
  }
}

/** The operations that succeeded, for people. */
export function callsOf(run: Run): string {
  const names = new Set(
    run.calls.filter(({ error }) => error === undefined).map(({ operation }) => operation),
  );
  return [...names].join(', ') || 'no call';
}
